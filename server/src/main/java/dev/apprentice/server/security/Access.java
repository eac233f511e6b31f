package dev.apprentice.server.security;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** What a point asks of whoever comes: every route and every gRPC method has one. */
public enum Access {
    /** Anybody, even without a key. */
    OPEN(EnumSet.noneOf(Scope.class)),
    /** Any key. */
    ANY(EnumSet.allOf(Scope.class)),
    /** A key that may ask. */
    ASK(EnumSet.of(Scope.ASK)),
    /** A key that may teach. */
    TEACH(EnumSet.of(Scope.TEACH)),
    /** A key that may administer. */
    ADMIN(EnumSet.of(Scope.ADMIN));

    @SuppressWarnings("ImmutableEnumChecker") // wrapped: nobody can change it
    private final Set<Scope> anyOf;

    Access(EnumSet<Scope> anyOf) {
        this.anyOf = Collections.unmodifiableSet(anyOf);
    }

    /** Whether a key of {@code scopes} will do. */
    boolean isGivenBy(Set<Scope> scopes) {
        return this == OPEN || anyOf.stream().anyMatch(scopes::contains);
    }

    /** The scopes of which one is needed, in words. */
    String words() {
        return anyOf.stream().map(Scope::word).collect(Collectors.joining(" or "));
    }
}

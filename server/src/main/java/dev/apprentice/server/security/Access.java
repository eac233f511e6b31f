package dev.apprentice.server.security;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** What a point asks of whoever comes: every route and every gRPC method has one. */
public enum Access {
    /** Anybody, even without a key. */
    OPEN(EnumSet.noneOf(Scope.class), false),
    /** Any key. */
    ANY(EnumSet.allOf(Scope.class), false),
    /** A key that may ask. */
    ASK(EnumSet.of(Scope.ASK), false),
    /** A key that may teach. */
    TEACH(EnumSet.of(Scope.TEACH), false),
    /** A key that may administer. */
    ADMIN(EnumSet.of(Scope.ADMIN), false),
    /** Any key that is good for all instances: what is told concerns them all. */
    MONITOR(EnumSet.allOf(Scope.class), true),
    /** A key that may administer all instances: the server itself is concerned. */
    SERVER(EnumSet.of(Scope.ADMIN), true);

    @SuppressWarnings("ImmutableEnumChecker") // wrapped: nobody can change it
    private final Set<Scope> anyOf;

    private final boolean allInstances;

    Access(EnumSet<Scope> anyOf, boolean allInstances) {
        this.anyOf = Collections.unmodifiableSet(anyOf);
        this.allInstances = allInstances;
    }

    /** Whether {@code key} will do. */
    boolean isGivenBy(Key key) {
        return this == OPEN
                || (anyOf.stream().anyMatch(key.scopes()::contains) && (!allInstances || key.instances() == null));
    }

    /** Whether it is an administrator's: then what changes anything is written down. */
    public boolean isAdministrative() {
        return this == ADMIN || this == SERVER;
    }

    /** The scopes of which one is needed, in words. */
    String words() {
        return anyOf.stream().map(Scope::word).collect(Collectors.joining(" or "))
                + (allInstances ? " that is good for all instances" : "");
    }
}

package dev.apprentice.server.security;

/** Tells who asks, and lets pass who may. Safe for use by many threads. */
public final class Guard {
    private Guard() {}

    /** The guard of a server without keys: everybody is {@link Caller#LOCAL}, whatever he sends. */
    public static Guard withoutKeys() {
        return new Guard();
    }

    /**
     * Who sent {@code credentials}, if he may do what needs {@code access}.
     *
     * @throws dev.apprentice.engine.UnauthenticatedException if there is no good key
     * @throws dev.apprentice.engine.ForbiddenException if the key lacks the scope
     * @throws dev.apprentice.engine.OverloadedException if the key's limit is used up
     */
    public Caller admit(Credentials credentials, Access access) {
        return Caller.LOCAL;
    }
}

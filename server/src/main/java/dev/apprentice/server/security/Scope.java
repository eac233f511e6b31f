package dev.apprentice.server.security;

import java.util.Locale;

/** What a key may be good for; none includes another. */
public enum Scope {
    /** To put questions. */
    ASK,
    /** To give feedback, and to read and withdraw lessons. */
    TEACH,
    /** To run instances, their checkpoints and the server's keys. */
    ADMIN;

    /** How the wire and the command line write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

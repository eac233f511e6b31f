package dev.apprentice.server.asking;

import dev.apprentice.learner.Provenance;
import java.time.Instant;

/** An answer told over another one: the same answer, of whose events something more is made. */
abstract class ToldOver implements Told {
    /** The answer below. */
    protected final Told told;

    ToldOver(Told told) {
        this.told = told;
    }

    @Override
    public final String id() {
        return told.id();
    }

    @Override
    public final int choice() {
        return told.choice();
    }

    @Override
    public final Instant created() {
        return told.created();
    }

    @Override
    public final String model() {
        return told.model();
    }

    @Override
    public final int promptTokens() {
        return told.promptTokens();
    }

    @Override
    public final Provenance provenance() {
        return told.provenance();
    }

    @Override
    public boolean idle() {
        return told.idle();
    }

    @Override
    public void close() {
        told.close();
    }
}

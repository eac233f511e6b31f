package dev.apprentice.client;

import dev.apprentice.client.error.ApprenticeException;

/** When a failed call may be sent again. */
enum Repeat {
    /** Doing it twice is the same as doing it once: reading, setting, and what carries an idempotency key. */
    SAFE {
        @Override
        boolean allows(ApprenticeException error) {
            return error.mayPass();
        }
    },

    /** Only where nothing was done: no connection, 429, 503. */
    UNDONE {
        @Override
        boolean allows(ApprenticeException error) {
            return error.nothingDone();
        }
    };

    abstract boolean allows(ApprenticeException error);
}

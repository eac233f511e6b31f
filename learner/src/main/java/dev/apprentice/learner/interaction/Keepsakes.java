package dev.apprentice.learner.interaction;

import dev.apprentice.learner.store.Store;
import java.time.Clock;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Answers in the form in which a door gave them out, kept with their interactions for askers who want them again. Where
 * an instance's policy keeps no texts, they live an hour in memory like all its texts. Any thread may call.
 */
public final class Keepsakes {
    private final Store store;
    private final Interactions interactions;
    private final FleetingTexts fleeting;

    /** The keepsakes of {@code interactions}, which lie in {@code store} too. */
    public Keepsakes(Store store, Interactions interactions, Clock clock) {
        this.store = store;
        this.interactions = interactions;
        this.fleeting = new FleetingTexts(clock);
    }

    /** Keeps {@code text} for {@code interaction}; where texts may be stored it is durable when this returns. */
    public void keep(String interaction, String text) {
        var _ = store.write(db -> {
            var stored = Interactions.keepsTexts(db, interaction);
            if (stored.isEmpty()) {
                return false; // its instance was deleted while it was answered
            }
            if (stored.get()) {
                insert(db, interaction, text);
            } else {
                fleeting.said(interaction, 0, text);
            }
            return true;
        });
    }

    /** What was kept for {@code interaction}, if it is there still. */
    public Optional<Keepsake> find(String interaction) {
        return store.read(db -> interactions
                .find(db, interaction, 0)
                .flatMap(found -> stored(db, interaction)
                        .or(() -> Optional.ofNullable(fleeting.said(interaction, 0)))
                        .map(text -> new Keepsake(found, text))));
    }

    /** Gives {@code interaction}'s keepsake away for good; the interaction itself stays, and can be taught from. */
    public void forget(String interaction) {
        fleeting.forget(interaction, 0);
        var _ = store.write(db -> db.createUpdate("delete from keepsakes where interaction = :id")
                .bind("id", interaction)
                .execute());
    }

    private static void insert(Handle db, String interaction, String text) {
        db.createUpdate("insert into keepsakes (interaction, text) values (:id, :text)")
                .bind("id", interaction)
                .bind("text", text)
                .execute();
    }

    private static Optional<String> stored(Handle db, String interaction) {
        return db.createQuery("select text from keepsakes where interaction = :id")
                .bind("id", interaction)
                .mapTo(String.class)
                .findOne();
    }
}

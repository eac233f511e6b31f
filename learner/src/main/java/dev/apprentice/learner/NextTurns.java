package dev.apprentice.learner;

import dev.apprentice.engine.UnavailableException;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.interaction.Asked;
import dev.apprentice.learner.lesson.Ledger;
import dev.apprentice.learner.lesson.NextTurn;
import dev.apprentice.learner.lesson.Same;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the answer that a user's next turn speaks of, for instances whose policy wants that. A request carries the
 * conversation, so the answer is the one to its beginning, if it had just these words. Safe for use by any thread; a
 * request waits for nothing of it.
 *
 * <p>Which request had which conversation is kept in memory, of the newest: a turn that comes after a restart says
 * nothing, and nothing is written for conversations that end.
 */
final class NextTurns {
    private static final System.Logger LOG = System.getLogger(NextTurns.class.getName());

    /** Of so many conversations the requests are known. */
    private static final int CONVERSATIONS_MAX = 10_000;

    /** Of as many equal ones: whose answer it was shows in its words. */
    private static final int EQUAL_MAX = 8;

    private final Ledger ledger;
    private final Map<Conversation, List<String>> requests = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Conversation, List<String>> eldest) {
            return size() > CONVERSATIONS_MAX;
        }
    };

    NextTurns(Ledger ledger) {
        this.ledger = ledger;
    }

    private record Conversation(String instance, String key) {}

    /** A request was recorded. Texts that may not be stored are not, as feedback keeps them. */
    void asked(@Nullable Instance instance, Asked asked) {
        if (instance == null || !instance.policy().implicit() || !asked.keepTexts() || !asked.learn()) {
            return;
        }
        NextTurn.of(asked.messages()).ifPresent(turn -> {
            var answered = known(new Conversation(instance.id(), Same.key(turn.before())));
            if (!answered.isEmpty()) {
                hear(turn, answered, asked.id());
            }
        });
        note(new Conversation(instance.id(), Same.key(asked.messages())), asked.id());
    }

    private void hear(NextTurn turn, List<String> answered, String next) {
        try {
            ledger.heard(turn, answered, next);
        } catch (UnavailableException e) { // closing: a sign is lost, the answer must not be
            LOG.log(System.Logger.Level.INFO, "next_turn_lost interaction=" + next + " code=" + e.code());
        }
    }

    private synchronized List<String> known(Conversation conversation) {
        return requests.getOrDefault(conversation, List.of());
    }

    private synchronized void note(Conversation conversation, String id) {
        var before = requests.getOrDefault(conversation, List.of());
        requests.put(
                conversation,
                Stream.concat(Stream.of(id), before.stream()).limit(EQUAL_MAX).toList());
    }
}

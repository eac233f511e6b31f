package dev.apprentice.client;

import dev.apprentice.client.asking.Answer;
import dev.apprentice.client.asking.AnswerChunk;
import dev.apprentice.client.asking.AskRequest;
import dev.apprentice.client.teaching.Feedback;
import dev.apprentice.client.teaching.Receipt;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A task of several questions that ends well or badly as a whole. Closing it gives the reward that was set; if none
 * was, for instance because an exception came first, nothing is said, and {@link ApprenticeClient#give} can still say
 * it later under {@link #id}. For one thread.
 */
public final class Episode implements AutoCloseable {
    private final ApprenticeClient client;
    private final String id;
    private final String key;
    private @Nullable Double reward;
    private @Nullable String by;
    private @Nullable Receipt receipt;
    private boolean closed;

    Episode(ApprenticeClient client, String id, String key) {
        this.client = client;
        this.id = id;
        this.key = key;
    }

    /** {@return the id that names the episode, also after it was closed and in another process} */
    public String id() {
        return id;
    }

    /**
     * Asks as part of the episode.
     *
     * @param request the question; its episode is replaced by this one
     * @return the whole answer
     */
    public Answer ask(AskRequest request) {
        return client.ask(part(request));
    }

    /**
     * Asks as part of the episode, and reads the answer while it is made.
     *
     * @param request the question; its episode is replaced by this one
     * @return the pieces of the answer, to be read once and closed
     */
    public ClientStream<AnswerChunk> stream(AskRequest request) {
        return client.stream(part(request));
    }

    /**
     * How well it went, 0 to 1. The last word before {@link #close} counts.
     *
     * @param reward 0 (bad) to 1 (good)
     * @return this episode
     */
    public Episode reward(double reward) {
        open();
        if (!(reward >= 0 && reward <= 1)) {
            throw new IllegalArgumentException("reward must be from 0 to 1, found " + reward);
        }
        this.reward = reward;
        return this;
    }

    /**
     * Who says how well it went.
     *
     * @param by an opaque id of a person or program
     * @return this episode
     */
    public Episode by(String by) {
        open();
        this.by = by;
        return this;
    }

    /** {@return the reward that was set} */
    public OptionalDouble reward() {
        return reward == null ? OptionalDouble.empty() : OptionalDouble.of(reward);
    }

    /** {@return what says that the reward is durable, once it was given} */
    public Optional<Receipt> receipt() {
        return Optional.ofNullable(receipt);
    }

    /** Gives the reward that was set. If that fails it may be called again, and the reward still counts once. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (reward != null) {
            var feedback = Feedback.episodeReward(id, reward);
            if (by != null) {
                feedback.by(by);
            }
            receipt = client.give(feedback.build(), key);
        }
        closed = true;
    }

    private AskRequest part(AskRequest request) {
        open();
        return request.toBuilder().episode(id).build();
    }

    private void open() {
        if (closed) {
            throw new IllegalStateException("the episode " + id + " is closed");
        }
    }
}

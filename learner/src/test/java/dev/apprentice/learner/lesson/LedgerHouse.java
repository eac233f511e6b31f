package dev.apprentice.learner.lesson;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.UnprocessableException;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.TestSeams;
import dev.apprentice.learner.event.Events;
import dev.apprentice.learner.instance.BaseIdentity;
import dev.apprentice.learner.instance.InstanceWatcher;
import dev.apprentice.learner.instance.Instances;
import dev.apprentice.learner.interaction.AnswerState;
import dev.apprentice.learner.interaction.Asked;
import dev.apprentice.learner.interaction.Guided;
import dev.apprentice.learner.interaction.Interactions;
import dev.apprentice.learner.interaction.Said;
import dev.apprentice.learner.store.Store;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The rooms around the ledger, without a model: what fits is counted in characters. */
final class LedgerHouse implements AutoCloseable, LessonWatcher, InstanceWatcher {
    static final int WINDOW = 1000;

    private final TestSeams time = new TestSeams();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final Path folder;
    private final LessonFit fit;
    private Store store;
    private Instances instances;
    private Interactions interactions;
    private Ledger ledger;

    LedgerHouse(Path folder) {
        this(folder, new CountedCharacters());
    }

    LedgerHouse(Path folder, LessonFit fit) {
        this.folder = folder;
        this.fit = fit;
        open();
    }

    private void open() {
        store = Store.open(folder);
        instances = new Instances(store, time, new BaseIdentity("small", "digest"), this);
        instances.settle();
        interactions = new Interactions(store, time);
        var events = new Events(store, time);
        ledger = new Ledger(store, instances, interactions, events, fit, this, time.seams());
    }

    void reopen() {
        store.close();
        open();
    }

    TestSeams time() {
        return time;
    }

    Ledger ledger() {
        return ledger;
    }

    Instances instances() {
        return instances;
    }

    List<String> seen() {
        return seen;
    }

    void asked(String id, String question, String answer) {
        askedOnly(id, question);
        answered(id, answer, AnswerState.FINISHED);
    }

    void askedOnly(String id, String question) {
        ask(id, question, "apprentice", true);
    }

    void askedIn(String episode, String instance, String id, String question) {
        ask(id, question, instance, true, episode);
    }

    void askedBase(String id, String question) {
        ask(id, question, null, true);
    }

    void askedWithoutLearning(String id, String question) {
        ask(id, question, "apprentice", false);
    }

    void answered(String id, String text, AnswerState state) {
        store.write(db -> {
            interactions.said(db, new Said(id, 0, state, text, List.of(), "stop", 0, null));
            if (state == AnswerState.FINISHED) {
                ledger.answered(db, id, 0, text);
            }
            return id;
        });
    }

    Lesson correct(String id, String answer, String by) {
        return ledger.give(new Feedback.Correction(id, 0, answer, by), null, "local");
    }

    Lesson give(String id, String answer, String key, String scope) {
        return ledger.give(new Feedback.Correction(id, 0, answer, "ann"), key, scope);
    }

    void carried(Set<String> lessons, int number) {
        store.write(db -> {
            ledger.carried(db, "apprentice", lessons, number);
            return number;
        });
    }

    @Override
    public void given(Lesson lesson) {
        seen.add("given " + lesson.id());
    }

    @Override
    public void gone(Lesson lesson) {
        seen.add("gone " + lesson.id());
    }

    @Override
    public void frozen(String instance, boolean frozen) {}

    @Override
    public void deleted(String instance) {}

    @Override
    public void close() {
        store.close();
    }

    /** Waits for what was left for the writer. */
    void written() {
        store.write(_ -> 0);
    }

    Lesson say(Feedback feedback) {
        return ledger.give(feedback, null, "local");
    }

    private void ask(String id, String question, @Nullable String instance, boolean learn) {
        ask(id, question, instance, learn, null);
    }

    private void ask(String id, String question, @Nullable String instance, boolean learn, @Nullable String episode) {
        var keep = instance == null || instances.get(instance).policy().storeMessages();
        interactions
                .asked(new Asked(
                        id,
                        instance,
                        0,
                        null,
                        List.of(ChatMessage.of("user", question)),
                        List.of(),
                        episode,
                        learn,
                        keep,
                        1,
                        1,
                        List.of(),
                        Guided.FREE,
                        true,
                        5,
                        time.instant()))
                .await();
    }

    /** What fits is counted in characters. */
    static class CountedCharacters implements LessonFit {
        @Override
        public void check(
                @Nullable String systemPrompt,
                List<ChatMessage> messages,
                List<Map<String, Object>> tools,
                ChatMessage reply) {
            if (reply.content().length() > WINDOW) {
                throw new UnprocessableException("context_length_exceeded", "too long", Fault.at("answer"));
            }
        }

        @Override
        public String text(ChatMessage reply) {
            return reply.toolCalls().isEmpty() ? reply.content() : reply.content() + reply.toolCalls();
        }
    }
}

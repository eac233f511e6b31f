package dev.apprentice.learner.recall;

import dev.apprentice.engine.sampling.AnswerGuide;
import dev.apprentice.engine.sampling.AnswerGuide.WeightedAnswer;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.base.Base;
import dev.apprentice.learner.base.Conversation;
import dev.apprentice.learner.base.Probes;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.Same;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The fast way to learn. Safe for use by any thread.
 *
 * <p>Two speeds live here. An exact repeat is found from the moment {@link #add} returns. Everything else needs hidden
 * states, and those, the index and what is fitted on it are made by {@link RecallThread} and shown as one immutable
 * {@link Room.View}; a request reads one view from its beginning to its end. Until a view is there, only exact repeats
 * act.
 */
public final class Recall implements AutoCloseable {
    /** Answers of less weight say nothing and cost a little each token. */
    private static final double WEIGHT_MIN = 1e-3;

    /** Share of the context window that examples may fill. */
    private static final int EXAMPLES_PART = 2;

    /** How many lessons are named as those that voted. */
    private static final int NAMED = 4;

    private final Base base;
    private final LessonSource source;
    private final RecallSettings settings;
    private final Sight sight;
    private final Map<String, Room> rooms = new ConcurrentHashMap<>();
    private final RecallThread thread;

    private Recall(Base base, Probes probes, LessonSource source, RecallSettings settings, Path folder) {
        this.base = base;
        this.source = source;
        this.settings = settings;
        sight = new Sight(base, settings);
        thread = new RecallThread(base, sight, probes, source, settings, folder);
    }

    /**
     * Opens recall over everything that {@code source} has; exact repeats act at once, the rest when their states are
     * there.
     *
     * @param folder where hidden states are kept over restarts
     */
    public static Recall open(Base base, Probes probes, LessonSource source, RecallSettings settings, Path folder) {
        var recall = new Recall(base, probes, source, settings, folder);
        for (var instance : source.instances()) {
            source.lessons(instance).forEach(recall::add);
        }
        recall.thread.start();
        return recall;
    }

    /** From now on {@code lesson} acts: on exact repeats at once, on what is like it in a moment. */
    public void add(Lesson lesson) {
        var room = room(lesson.instance());
        room.add(lesson);
        thread.index(room, lesson);
    }

    /** From now on {@code lesson} acts no more. */
    public void remove(Lesson lesson) {
        var room = room(lesson.instance());
        room.remove(lesson.id());
        thread.rebuild(lesson.instance(), room);
    }

    /** Forgets an instance. */
    public void drop(String instance) {
        rooms.remove(instance);
    }

    /** From now on {@code live} answers for the instance, null being the bare base: what is fitted is fitted anew. */
    public void use(String instance, @Nullable LiveAdapter live) {
        var room = room(instance);
        room.live(live);
        thread.weights(instance, room);
    }

    /** Waits until what was given before is in the index; for tests and for a study that examines recall. */
    public void settle() throws InterruptedException {
        thread.settle();
    }

    /**
     * What the instance's lessons have to say about a request.
     *
     * @param messages as the client sent them, without the instance's own system prompt
     * @param tools what the request offers: a lesson that calls another tool has nothing to say
     */
    public Recalled recall(
            String instance, List<ChatMessage> messages, List<Map<String, Object>> tools, RecallWish wish) {
        var room = rooms.get(instance);
        if (room == null || room.empty()) {
            return Recalled.nothing(true); // of an adapter without lessons nobody knows what it is for
        }
        var known = room.exact(Same.key(messages));
        var repeated = known != null && known.answers(tools) ? known : null;
        if (repeated != null && (wish.force() || !wish.act())) {
            return wish.act() ? forced(repeated, messages) : Recalled.nothing(true);
        }
        var view = room.view();
        if (view == null) {
            return Recalled.nothing(true);
        }
        var asked = new Asked(source.instance(instance), messages, tools);
        var question = view.index().question(sight, messages);
        var features = view.index().familiarity().of(question);
        boolean familiar = repeated != null || gate(room, view, wish).opens(features);
        if (!wish.act() || !(repeated != null || view.gate().opens(features))) {
            return Recalled.nothing(familiar);
        }
        var fit = wish.pinned() == null ? view.fit() : wish.pinned().recall();
        if (fit.lambda() > 0 && view.index().small()) {
            return voted(view.index(), question, fit, asked, familiar);
        }
        return fit.examples() > 0 ? shown(view.index(), question, fit, asked, familiar) : Recalled.nothing(familiar);
    }

    /**
     * What will be pinned with a checkpoint trained on the lessons as they are now.
     *
     * @param leftOut of the lessons that were kept from it for a while, the probability that it gave to the right
     *     answer
     */
    public CheckpointFit fit(String instance, Map<String, Double> leftOut) {
        var view = room(instance).view();
        if (view == null) {
            return new CheckpointFit(Gate.OPEN, RecallFit.NOTHING);
        }
        return new CheckpointFit(view.gate(), new Fitting(base, settings).after(view.index(), leftOut));
    }

    /** Those of some general prompts that {@code gate} lets through to the instance's adapter. */
    public List<String> letThrough(String instance, Gate gate, List<String> probes) throws InterruptedException {
        var seen = thread.seen(probes);
        var view = room(instance).view();
        if (view == null) {
            return probes;
        }
        var familiarity = view.index().familiarity();
        return IntStream.range(0, probes.size())
                .filter(i -> gate.opens(familiarity.of(seen.get(i))))
                .mapToObj(probes::get)
                .toList();
    }

    @Override
    public void close() {
        thread.close();
    }

    /** A request to one instance. */
    private record Asked(Instance instance, List<ChatMessage> messages, List<Map<String, Object>> tools) {
        List<ChatMessage> conversation() {
            return Conversation.under(instance.systemPrompt(), messages);
        }
    }

    private Room room(String instance) {
        return rooms.computeIfAbsent(instance, _ -> new Room());
    }

    /** Which requests the weights that answer apply to. */
    private static Gate gate(Room room, Room.View view, RecallWish wish) {
        if (wish.pinned() != null) {
            return wish.pinned().gate();
        }
        var live = room.live();
        if (live == null) {
            return view.gate();
        }
        var fit = live.fit();
        return fit == null ? Gate.OPEN : fit.gate();
    }

    private Recalled forced(Lesson lesson, List<ChatMessage> messages) {
        var span = base.span(messages, lesson.tools(), lesson.reply());
        var tokens = Arrays.stream(span.answer(), 0, span.answer().length - 1)
                .boxed()
                .toList();
        return new Recalled(List.of(lesson.id()), List.of(), new AnswerGuide.Forced(tokens), true);
    }

    private Recalled voted(LessonIndex index, Question question, RecallFit fit, Asked asked, boolean familiar) {
        var scores = index.scores(question);
        var weights = Votes.weights(scores, fit.temperature());
        var answers = new ArrayList<WeightedAnswer>();
        for (int a = 0; a < weights.length; a++) {
            var answer = index.known().answers().get(a);
            if (weights[a] >= WEIGHT_MIN && answer.answers(asked.tools())) {
                var span = base.span(asked.conversation(), asked.tools(), answer.reply());
                answers.add(
                        new WeightedAnswer(Arrays.stream(span.answer()).boxed().toList(), weights[a]));
            }
        }
        var named = index.nearest(question, NAMED, null).stream()
                .map(entry -> entry.lesson().id())
                .toList();
        if (answers.isEmpty()) {
            return Recalled.nothing(familiar); // all that was taught calls tools that are not offered
        }
        return new Recalled(named, List.of(), new AnswerGuide.Prior(fit.lambda(), answers), familiar);
    }

    private Recalled shown(LessonIndex index, Question question, RecallFit fit, Asked asked, boolean familiar) {
        var nearest = index.nearest(question, fit.examples(), null).stream()
                .filter(entry -> entry.lesson().answers(asked.tools()))
                .toList();
        var conversation = asked.conversation();
        while (!nearest.isEmpty()) {
            var turns = Fitting.turns(nearest);
            if (base.prompt(Conversation.with(turns, conversation), asked.tools()).length
                    <= base.contextTokens() / EXAMPLES_PART) {
                var named = nearest.stream().map(entry -> entry.lesson().id()).toList();
                return new Recalled(named, turns, new AnswerGuide.Free(), familiar);
            }
            nearest = nearest.subList(0, nearest.size() - 1);
        }
        return Recalled.nothing(familiar);
    }
}

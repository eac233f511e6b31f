package dev.apprentice.learner.recall;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.sampling.AnswerGuide;
import dev.apprentice.engine.sampling.AnswerGuide.WeightedAnswer;
import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.base.Base;
import dev.apprentice.learner.base.Conversation;
import dev.apprentice.learner.base.Probes;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.LessonState;
import dev.apprentice.learner.lesson.Same;
import dev.apprentice.learner.view.NearMiss;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The fast way to learn. Safe for use by any thread.
 *
 * <p>Two speeds live here. An exact repeat is found in the ledger itself, from the moment a lesson is durable.
 * Everything else needs hidden states, and those, the index and what is fitted on it are made by {@link RecallThread}
 * and shown as one immutable {@link Room.View}; a request reads one view from its beginning to its end. Until a view is
 * there, only exact repeats act.
 */
public final class Recall implements AutoCloseable {
    /** Answers of less weight say nothing and cost a little each token. */
    private static final double WEIGHT_MIN = 1e-3;

    /** Share of the context window that examples may fill. */
    private static final int EXAMPLES_PART = 2;

    /** Weights that give so much to answers which they were not taught yet answer what nobody taught, too. */
    private static final double GUESSED = 0.5;

    /** How many lessons are named as those that voted. */
    private static final int NAMED = 4;

    private final Base base;
    private final LessonSource source;
    private final RecallSettings settings;
    private final Sight sight;
    private final Texts texts;
    private final Map<String, Room> rooms = new ConcurrentHashMap<>();
    private final RecallThread thread;

    private Recall(Base base, Probes probes, LessonSource source, RecallSettings settings, Path folder) {
        this.base = base;
        this.source = source;
        this.settings = settings;
        sight = new Sight(base, settings);
        texts = new Texts(source);
        thread = new RecallThread(base, sight, probes, source, new Fitting(base, settings, texts), settings, folder);
    }

    /**
     * Opens recall over everything that {@code source} has; exact repeats act at once, the rest when their states are
     * there.
     *
     * @param folder where the indexes are kept: a cache of what {@code source} has, made anew where it is damaged
     */
    public static Recall open(Base base, Probes probes, LessonSource source, RecallSettings settings, Path folder) {
        var recall = new Recall(base, probes, source, settings, folder);
        for (var instance : source.instances()) {
            recall.thread.open(instance, recall.room(instance));
            var opinions = source.opinions(instance);
            opinions.subList(Math.max(0, opinions.size() - JudgedRequests.MOST), opinions.size())
                    .forEach(recall::add);
        }
        recall.thread.start();
        return recall;
    }

    /**
     * From now on {@code lesson} acts: on exact repeats at once, on what is like it in a moment. One that says only how
     * good an answer was acts on none; but weights that learnt of it apply to what is like its request.
     */
    public void add(Lesson lesson) {
        var room = room(lesson.instance());
        if (lesson.kind().teaches()) {
            room.keys.add(Same.key(lesson.messages()));
            room.add(lesson.id());
            thread.index(lesson.instance(), room, lesson.id());
        } else {
            thread.judged(room, lesson);
        }
    }

    /** From now on {@code lesson} acts no more. */
    public void remove(Lesson lesson) {
        var room = room(lesson.instance());
        if (lesson.kind().teaches()) {
            room.remove(lesson.id());
            texts.forget(lesson.id());
        } else {
            room.forget(lesson.id());
        }
        thread.remove(lesson.instance(), room, lesson.id());
    }

    /** Forgets an instance. */
    public void drop(String instance) {
        var room = rooms.remove(instance);
        if (room != null) {
            thread.drop(instance, room);
        }
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
        if (room == null) {
            return Recalled.nothing(true); // of an adapter without lessons nobody knows what it is for
        }
        var repeated = repeated(instance, room, messages, tools);
        if (repeated != null && (wish.force() || !wish.act())) {
            return wish.act() ? forced(repeated, messages) : Recalled.nothing(true);
        }
        var view = room.view();
        try {
            if (view == null) {
                var reach = reach(room, wish);
                return Recalled.nothing(repeated != null
                        || reach == null
                        || gate(room, reach.gate(), wish).opens(reach.features(reach.question(sight, messages))));
            }
            return compared(room, view, new Asked(source.instance(instance), messages, tools), repeated, wish);
        } catch (UncheckedIOException e) { // of a damaged index: exact repeats act, and the rest when it is mended
            thread.damaged(instance, room, view, e);
            return Recalled.nothing(true);
        }
    }

    private @Nullable Lesson repeated(
            String instance, Room room, List<ChatMessage> messages, List<Map<String, Object>> tools) {
        var key = Same.key(messages);
        if (!room.keys.mayHave(key)) {
            return null;
        }
        var known = source.exact(instance, key).orElse(null);
        if (known == null || !known.answers(tools)) {
            return null;
        }
        // what a frozen instance was told since does not act, but what it was told just before does
        boolean acts = known.state() != LessonState.RECORDED
                || room.heard(known.id())
                || !source.instance(instance).frozen();
        return acts ? known : null;
    }

    private Recalled compared(Room room, Room.View view, Asked asked, @Nullable Lesson repeated, RecallWish wish) {
        var index = view.index();
        var question = index.question(sight, asked.messages());
        var company = index.around(question, null);
        var features = company.familiarity().of(question);
        var reach = reach(room, wish);
        var gate = gate(room, reach == null ? view.gate() : reach.gate(), wish);
        var seen = reach == null ? features : reach.features(question);
        var likeness = Likeness.of(seen, gate);
        boolean familiar = repeated != null || gate.opens(seen);
        if (!wish.act() || !(repeated != null || view.gate().opens(features))) {
            return Recalled.nothing(familiar).like(likeness);
        }
        return acting(view, company, question, wish, asked, familiar).like(likeness);
    }

    private Recalled acting(
            Room.View view, Company company, Question question, RecallWish wish, Asked asked, boolean familiar) {
        var index = view.index();
        var fit = wish.pinned() == null ? view.fit() : wish.pinned().recall();
        var instance = asked.instance().id();
        var live = wish.pinned() == null ? room(instance).live() : null;
        boolean known =
                familiar && (live == null || !texts.unlearn(instance, company.nearest(question, 1, null), live));
        if (fit.lambda() > 0 && index.small()) {
            return voted(index, company, question, fit, asked, known);
        }
        return fit.examples() > 0 ? shown(company, question, fit, asked, known) : Recalled.nothing(familiar);
    }

    /**
     * What will be pinned with a checkpoint trained on the lessons as they are now.
     *
     * @param leftOut of the lessons that were kept from it for a while, the probability that it gave to the right
     *     answer
     */
    public CheckpointFit fit(String instance, Map<String, Double> leftOut) {
        var view = room(instance).view();
        var reach = room(instance).widest();
        if (view == null) {
            return new CheckpointFit(reach == null ? Gate.OPEN : reach.gate(), RecallFit.NOTHING);
        }
        double guessed = leftOut.values().stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElse(0);
        var gate = reach == null ? view.gate() : reach.gate();
        try {
            return new CheckpointFit(
                    gate.with(gate.subjects() && guessed < GUESSED),
                    new Fitting(base, settings, texts).after(view.index(), leftOut));
        } catch (UncheckedIOException e) {
            throw damaged(instance, view, e);
        }
    }

    /** Those of some general prompts that {@code gate} lets through to the instance's adapter. */
    public List<String> letThrough(String instance, Gate gate, List<String> probes) throws InterruptedException {
        var seen = thread.seen(probes);
        var open = opens(instance, gate, probes.size(), seen::get);
        return open.mapToObj(probes::get).toList();
    }

    /** The same of other requests. */
    public List<List<ChatMessage>> requestsThrough(String instance, Gate gate, List<List<ChatMessage>> requests) {
        var view = room(instance).view();
        if (view == null) {
            return requests;
        }
        var open = opens(instance, gate, requests.size(), i -> view.index().question(sight, requests.get(i)));
        return open.mapToObj(requests::get).toList();
    }

    private IntStream opens(String instance, Gate gate, int count, IntFunction<Question> seen) {
        var view = room(instance).view();
        var reach = room(instance).widest();
        if (view == null && reach == null) {
            return IntStream.range(0, count);
        }
        Function<Question, Features> features =
                reach != null ? reach::features : Objects.requireNonNull(view).index()::features;
        try {
            var open = IntStream.range(0, count)
                    .filter(i -> gate.opens(features.apply(seen.apply(i))))
                    .toArray();
            return Arrays.stream(open);
        } catch (UncheckedIOException e) {
            throw damaged(instance, view, e);
        }
    }

    /** Whether the instance's lessons are facts about subjects, of which one does not tell another. */
    public boolean facts(String instance) {
        var view = room(instance).view();
        return view != null
                && view.gate().subjects()
                && Subjects.of(view.index().asked()).any();
    }

    /**
     * Requests like those of lessons that are facts about a subject, but about another one, which nobody taught: none
     * where lessons are of another kind.
     *
     * @param most how many at most, of lessons spread evenly
     */
    public List<List<ChatMessage>> nearMisses(String instance, int most) {
        var view = room(instance).view();
        if (view == null) {
            return List.of();
        }
        var entries = view.index().asked();
        var subjects = Subjects.of(entries);
        var about = IntStream.range(0, entries.size()).filter(subjects::has).toArray();
        var made = new ArrayList<List<ChatMessage>>();
        GateFitting.spread(about.length, most).forEach(i -> {
            var subject = subjects.of(about[i]);
            texts.of(instance, List.of(entries.get(about[i]))).stream()
                    .map(lesson ->
                            NearMiss.of(lesson, word -> Words.of(word).stream().anyMatch(subject::contains)))
                    .filter(request -> request != null && !subjects.named(Words.of(request)))
                    .forEach(made::add);
        });
        return made;
    }

    private FailedException damaged(String instance, Room.@Nullable View view, UncheckedIOException cause) {
        thread.damaged(instance, room(instance), view, cause);
        return new FailedException(
                "recall_index", "recall's index cannot be read; it is made anew", Fault.at(instance), cause);
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
    private static Gate gate(Room room, Gate known, RecallWish wish) {
        if (wish.pinned() != null) {
            return wish.pinned().gate();
        }
        var live = room.live();
        if (live == null) {
            return known;
        }
        var fit = live.fit();
        return fit == null ? Gate.OPEN : fit.gate();
    }

    /** What the weights that answer may have learnt about; null where it is the lessons alone. */
    private static @Nullable Reach reach(Room room, RecallWish wish) {
        return wish.pinned() == null ? room.reach() : room.widest();
    }

    private Recalled forced(Lesson lesson, List<ChatMessage> messages) {
        var span = base.span(messages, lesson.tools(), lesson.reply());
        var tokens = Arrays.stream(span.answer(), 0, span.answer().length - 1)
                .boxed()
                .toList();
        return new Recalled(List.of(lesson.id()), List.of(), new AnswerGuide.Forced(tokens), true);
    }

    private Recalled voted(
            LessonIndex index, Company company, Question question, RecallFit fit, Asked asked, boolean familiar) {
        var vote = index.vote(company, question);
        var weights = Votes.weights(vote.scores(), fit.temperature());
        var heard = new ArrayList<Entry>();
        var byId = new HashMap<String, Double>();
        for (int a = 0; a < weights.length; a++) {
            if (weights[a] >= WEIGHT_MIN) {
                heard.add(vote.answers().get(a));
                byId.put(vote.answers().get(a).id(), weights[a]);
            }
        }
        var answers = new ArrayList<WeightedAnswer>();
        for (var lesson : texts.of(asked.instance().id(), heard)) {
            if (lesson.answers(asked.tools())) {
                var span = base.span(asked.conversation(), asked.tools(), lesson.reply());
                answers.add(new WeightedAnswer(
                        Arrays.stream(span.answer()).boxed().toList(), byId.getOrDefault(lesson.id(), 0.0)));
            }
        }
        var named =
                company.nearest(question, NAMED, null).stream().map(Entry::id).toList();
        if (answers.isEmpty()) {
            return Recalled.nothing(familiar); // all that was taught calls tools that are not offered
        }
        return new Recalled(named, List.of(), new AnswerGuide.Prior(fit.lambda(), answers), familiar);
    }

    private Recalled shown(Company company, Question question, RecallFit fit, Asked asked, boolean familiar) {
        var found = company.nearest(question, fit.examples(), null);
        var nearest = texts.of(asked.instance().id(), found).stream()
                .filter(lesson -> lesson.answers(asked.tools()))
                .toList();
        var conversation = asked.conversation();
        while (!nearest.isEmpty()) {
            var turns = Fitting.turns(nearest);
            if (base.prompt(Conversation.with(turns, conversation), asked.tools()).length
                    <= base.contextTokens() / EXAMPLES_PART) {
                var named = nearest.stream().map(Lesson::id).toList();
                return new Recalled(named, turns, new AnswerGuide.Free(), familiar);
            }
            nearest = nearest.subList(0, nearest.size() - 1);
        }
        return Recalled.nothing(familiar);
    }
}

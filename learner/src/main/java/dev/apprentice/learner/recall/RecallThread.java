package dev.apprentice.learner.recall;

import dev.apprentice.engine.ApprenticeException;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.UnavailableException;
import dev.apprentice.learner.base.Base;
import dev.apprentice.learner.base.Probes;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.Placed;
import dev.apprentice.learner.lesson.Same;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The thread that owns the index. It takes lessons in, in the order they came, and only when none waits does it build
 * what changed: a heap of lessons given at once is one build.
 */
final class RecallThread implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(RecallThread.class.getName());

    /** How long no lesson has to come before gates are fitted for the few that came since they were. */
    private static final int QUIET_MILLIS = 100;

    /** So many times as long as a build took, lessons are gathered for the next: builds take a share of one core. */
    private static final int GATHERING_TIMES = 3;

    /** How long nothing has to come before indexes are made durable; what a kill loses of them is in the ledger. */
    private static final int SAVE_MILLIS = 1_000;

    private final LinkedBlockingQueue<RecallTask> tasks = new LinkedBlockingQueue<>();
    private final LinkedHashMap<String, Room> changed = new LinkedHashMap<>();
    private final LinkedHashMap<String, Room> stale = new LinkedHashMap<>();
    private final Sight sight;
    private final Probes probes;
    private final LessonSource source;
    private final RecallSettings settings;
    private final VectorCache cache;
    private final Fitting fitting;
    private final FitThread fits;
    private final Thread thread;
    private final Shelves shelves;
    private final JudgedRequests judged;
    private final ArrayDeque<String> ahead = new ArrayDeque<>();
    private long buildDueNanos = System.nanoTime();
    private @Nullable GeneralPrompts general;
    private volatile boolean stopping;

    RecallThread(
            Base base,
            Sight sight,
            Probes probes,
            LessonSource source,
            Fitting fitting,
            RecallSettings settings,
            Path folder) {
        this.sight = sight;
        this.probes = probes;
        this.source = source;
        this.settings = settings;
        this.fitting = fitting;
        var dtype = base.training().dtype();
        cache = VectorCache.open(folder, base.digest(), dtype, sight.layers(), base.hidden());
        var stamp = new Stamp(
                base.digest(),
                dtype,
                sight.layers(),
                settings.embedTokensMax(),
                Same.digest(String.join("\n", probes.practice())));
        var care = new FolderCare(folder, stamp, sight.layers().size() * base.hidden());
        shelves = new Shelves(care, source, settings, this::entry);
        judged = new JudgedRequests(settings);
        ahead.addAll(probes.exam().stream().limit(Probes.SAMPLE).toList());
        ahead.addAll(probes.protectedOnes());
        fits = new FitThread(fitting, source, this);
        thread = Thread.ofPlatform().name("recall").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
        fits.start();
    }

    /** Shows what there is of an instance, and takes in what the ledger has besides. */
    void open(String instance, Room room) {
        tasks.add(new RecallTask.Open(instance, room));
    }

    void index(String instance, Room room, String lesson) {
        tasks.add(new RecallTask.Index(instance, room, lesson));
    }

    void remove(String instance, Room room, String lesson) {
        tasks.add(new RecallTask.Remove(instance, room, lesson));
    }

    /** Of a lesson that says how good an answer was. */
    void judged(Room room, Lesson lesson) {
        tasks.add(new RecallTask.Opinion(room, lesson));
    }

    /** The instance is gone, and so is its index. */
    void drop(String instance, Room room) {
        tasks.add(new RecallTask.Drop(instance, room));
    }

    /** {@code view} could not be looked up in: its index is made anew, unless another is shown already. */
    void damaged(String instance, Room room, Room.@Nullable View view, UncheckedIOException cause) {
        tasks.add(new RecallTask.Damaged(instance, room, view, cause));
    }

    /** Other weights answer: what asking the former ones found holds no more. */
    void weights(String instance, Room room) {
        tasks.add(new RecallTask.Weights(instance, room));
    }

    void fitted(String instance, Room room, RecallFit fit, @Nullable Gate gate) {
        tasks.add(new RecallTask.Fitted(instance, room, fit, gate));
    }

    /** Waits until everything that was handed in before is shown, fits by questions aside. */
    void settle() throws InterruptedException {
        call(() -> true);
    }

    /** General prompts as recall sees them; what is not known yet is looked at now. */
    List<Question> seen(List<String> asked) throws InterruptedException {
        return call(() -> asked.stream().map(this::see).toList());
    }

    private <T> T call(Callable<T> body) throws InterruptedException {
        var done = new FutureTask<>(body);
        tasks.add(new RecallTask.Call(done));
        try {
            return done.get();
        } catch (CancellationException e) {
            throw new UnavailableException("draining", "the server is closing", Fault.NONE);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof ApprenticeException known
                    ? known
                    : new FailedException("recall_failed", "recall could not do its work", Fault.NONE, e.getCause());
        }
    }

    private Question see(String probe) {
        var messages = Probes.asked(probe);
        return new Question(
                known().standards().of(cache.of(sight.prompt(messages), sight::states)), Words.of(messages));
    }

    private void run() {
        try {
            general = measure();
            shelves.tidy();
            while (true) {
                goOn();
                var task = changed.isEmpty()
                        ? tasks.poll()
                        : tasks.poll(buildDueNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (task == null) {
                    build();
                    task = await();
                }
                if (task == null) {
                    rest();
                    continue;
                }
                if (task instanceof RecallTask.Stop) {
                    return;
                }
                handle(task);
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "recall ends", e); // an interrupted thread could not close its files in order
        } finally {
            giveUp();
            shelves.close();
            cache.close();
        }
    }

    /** The next task; null if something else can be done before one comes. */
    private @Nullable RecallTask await() throws InterruptedException {
        if (shelves.incomplete() != null || !judged.done()) {
            return tasks.poll();
        }
        if (!stale.isEmpty()) {
            return tasks.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS);
        }
        if (!ahead.isEmpty()) {
            return tasks.poll();
        }
        return shelves.saved() ? tasks.take() : tasks.poll(SAVE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void rest() {
        var behind = shelves.incomplete();
        if (behind != null) {
            takeIn(behind);
        } else if (!judged.done()) {
            lookAtJudged();
        } else if (!stale.isEmpty()) {
            fitGate();
        } else if (!ahead.isEmpty()) {
            see(ahead.removeFirst()); // nothing else to do: an exam will ask for it
        } else {
            shelves.save();
        }
    }

    /** Fits the gate of a room to the lessons that came since it was. */
    private void fitGate() {
        var first = stale.firstEntry();
        first.getValue().forgetGate();
        show(first.getKey(), first.getValue());
    }

    /** Who still waits for something is told that it will not come. */
    private void giveUp() {
        for (var task = tasks.poll(); task != null; task = tasks.poll()) {
            if (task instanceof RecallTask.Call(var body)) {
                body.cancel(true);
            }
        }
    }

    private void handle(RecallTask task) throws InterruptedException {
        switch (task) {
            case RecallTask.Open(var instance, var room) ->
                shelves.work(instance, room, _ -> changed.put(instance, room));
            case RecallTask.Index(var instance, var room, var lesson) ->
                shelves.work(instance, room, shelf -> {
                    shelves.index(shelf, lesson);
                    changed.put(instance, room);
                });
            case RecallTask.Remove(var instance, var room, var lesson) ->
                shelves.work(instance, room, shelf -> {
                    if (room.gone(lesson)) {
                        shelves.remove(shelf, lesson);
                    }
                    changed.put(instance, room);
                });
            case RecallTask.Opinion(var room, var lesson) -> judged.add(room, lesson);
            case RecallTask.Drop(var instance, var room) -> shelves.drop(instance, room);
            case RecallTask.Damaged(var instance, var room, var view, var cause) -> {
                if (Objects.equals(view, room.view())) { // an index is equal to itself only
                    shelves.makeAnew(instance, room, cause);
                    changed.put(instance, room);
                }
            }
            case RecallTask.Weights(var instance, var room) -> {
                room.unfit();
                changed.put(instance, room);
            }
            case RecallTask.Fitted(var instance, var room, var fit, var gate) -> {
                room.fitted(fit, gate);
                changed.put(instance, room);
            }
            case RecallTask.Call(var body) -> {
                for (var behind = shelves.incomplete(); behind != null; behind = shelves.incomplete()) {
                    goOn();
                    takeIn(behind);
                }
                while (!judged.done()) {
                    goOn();
                    lookAtJudged();
                }
                build();
                while (!stale.isEmpty()) {
                    fitGate();
                }
                body.run();
            }
            case RecallTask.Stop() -> throw new IllegalStateException("stop is not a task to handle");
        }
    }

    /** To be looked at before each prompt that is read: whoever closes waits for one and not for all. */
    private void goOn() throws InterruptedException {
        if (stopping) {
            throw new InterruptedException("closing");
        }
    }

    private GeneralPrompts measure() throws InterruptedException {
        var states = new ArrayList<float[][]>();
        var asked = probes.practice().stream()
                .limit(Probes.SAMPLE)
                .map(Probes::asked)
                .toList();
        for (var messages : asked) {
            goOn();
            states.add(cache.of(sight.prompt(messages), sight::states));
        }
        var standards = new Standards(states.toArray(float[][][]::new));
        var questions = new ArrayList<Question>();
        for (int i = 0; i < states.size(); i++) {
            questions.add(new Question(standards.of(states.get(i)), Words.of(asked.get(i))));
        }
        return new GeneralPrompts(standards, questions);
    }

    private Entry entry(Placed placed) {
        var lesson = placed.lesson();
        var messages = lesson.messages();
        var states = known().standards().of(sight.states(sight.prompt(messages)));
        var question = new Question(EntryForm.rounded(states), EntryForm.kept(Words.of(messages)));
        return new Entry(placed.sequence(), lesson.id(), EntryForm.answer(lesson), question);
    }

    private void lookAtJudged() {
        var lesson = judged.next(this::entry);
        if (lesson != null) {
            changed.put(lesson.instance(), lesson.room());
        }
    }

    /** Takes in one lesson that the index lacks, and shows what there is now and then: answers go on meanwhile. */
    private void takeIn(Room room) {
        var due = shelves.takeIn(room);
        if (due != null) {
            changed.put(due, room);
        }
    }

    private GeneralPrompts known() {
        var measured = general;
        if (measured == null) {
            throw new IllegalStateException("general prompts are measured before anything else");
        }
        return measured;
    }

    private void build() {
        long began = System.nanoTime();
        while (!changed.isEmpty()) {
            var first = changed.pollFirstEntry();
            show(first.getKey(), first.getValue());
        }
        long now = System.nanoTime();
        buildDueNanos = now + GATHERING_TIMES * (now - began);
    }

    private void show(String instance, Room room) {
        shelves.work(instance, room, shelf -> {
            room.sweep();
            while (!room.show(view(room, shelf))) {
                shelf.remove(room.gone());
            }
            judged.reach(room, known());
            if (room.gateStale()) {
                stale.put(instance, room);
            } else {
                stale.remove(instance);
            }
            var shown = room.view();
            if (shown != null && room.fitDue(shown.index(), settings)) {
                fits.wish(instance, room);
            }
            var fresh = shelf.shown();
            if (!fresh.isEmpty()) {
                source.recalled(fresh);
            }
        });
    }

    private Room.@Nullable View view(Room room, Shelf shelf) {
        var index = shelf.index(known(), room::gone);
        return index == null ? null : new Room.View(index, room.gate(index), room.fit(index, fitting));
    }

    @Override
    public void close() {
        stopping = true;
        fits.close();
        tasks.add(new RecallTask.Stop());
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

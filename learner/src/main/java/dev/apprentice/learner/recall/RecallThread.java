package dev.apprentice.learner.recall;

import dev.apprentice.engine.ApprenticeException;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.UnavailableException;
import dev.apprentice.learner.base.Base;
import dev.apprentice.learner.base.Probes;
import dev.apprentice.learner.lesson.Lesson;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The thread that owns the index. It takes lessons in, in the order they came, and only when none waits does it build
 * what changed: a heap of lessons given at once is one build.
 */
final class RecallThread implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(RecallThread.class.getName());

    private final LinkedBlockingQueue<Task> tasks = new LinkedBlockingQueue<>();
    private final Map<String, Room> changed = new LinkedHashMap<>();
    private final Sight sight;
    private final Probes probes;
    private final LessonSource source;
    private final RecallSettings settings;
    private final VectorCache cache;
    private final Fitting fitting;
    private final FitThread fits;
    private final Thread thread;
    private final ArrayDeque<String> ahead = new ArrayDeque<>();
    private @Nullable GeneralPrompts general;
    private volatile boolean stopping;

    RecallThread(Base base, Sight sight, Probes probes, LessonSource source, RecallSettings settings, Path folder) {
        this.sight = sight;
        this.probes = probes;
        this.source = source;
        this.settings = settings;
        cache = VectorCache.open(folder, base.digest(), sight.layers(), base.hidden());
        fitting = new Fitting(base, settings);
        ahead.addAll(probes.exam().stream().limit(Probes.SAMPLE).toList());
        ahead.addAll(probes.protectedOnes());
        fits = new FitThread(fitting, source, this);
        thread = Thread.ofPlatform().name("recall").daemon().unstarted(this::run);
    }

    /** Something to do on the thread. */
    private sealed interface Task {
        record Index(Room room, Lesson lesson) implements Task {}

        record Rebuild(String instance, Room room) implements Task {}

        record Weights(String instance, Room room) implements Task {}

        record Fitted(String instance, Room room, RecallFit fit) implements Task {}

        record Call(FutureTask<?> body) implements Task {}

        record Stop() implements Task {}
    }

    void start() {
        thread.start();
        fits.start();
    }

    void index(Room room, Lesson lesson) {
        tasks.add(new Task.Index(room, lesson));
    }

    void rebuild(String instance, Room room) {
        tasks.add(new Task.Rebuild(instance, room));
    }

    /** Other weights answer: what asking the former ones found holds no more. */
    void weights(String instance, Room room) {
        tasks.add(new Task.Weights(instance, room));
    }

    void fitted(String instance, Room room, RecallFit fit) {
        tasks.add(new Task.Fitted(instance, room, fit));
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
        tasks.add(new Task.Call(done));
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
            while (true) {
                goOn();
                var task = tasks.poll();
                if (task == null) {
                    build();
                    task = ahead.isEmpty() ? tasks.take() : tasks.poll();
                }
                if (task == null) {
                    see(ahead.removeFirst()); // nothing else to do: an exam will ask for it
                    continue;
                }
                if (task instanceof Task.Stop) {
                    return;
                }
                handle(task);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            giveUp();
            cache.close();
        }
    }

    /** Who still waits for something is told that it will not come. */
    private void giveUp() {
        for (var task = tasks.poll(); task != null; task = tasks.poll()) {
            if (task instanceof Task.Call(var body)) {
                body.cancel(true);
            }
        }
    }

    private void handle(Task task) throws InterruptedException {
        switch (task) {
            case Task.Index(var room, var lesson) -> {
                try {
                    index(lesson, room);
                } catch (ApprenticeException e) {
                    LOG.log(Level.WARNING, "not_indexed lesson=" + lesson.id() + " code=" + e.code(), e);
                }
            }
            case Task.Rebuild(var instance, var room) -> changed.put(instance, room);
            case Task.Weights(var instance, var room) -> {
                room.unfit();
                changed.put(instance, room);
            }
            case Task.Fitted(var instance, var room, var fit) -> {
                room.fitted(fit);
                changed.put(instance, room);
            }
            case Task.Call(var body) -> {
                build();
                body.run();
            }
            case Task.Stop() -> throw new IllegalStateException("stop is not a task to handle");
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

    private void index(Lesson lesson, Room room) {
        if (room.gone(lesson)) {
            return;
        }
        var messages = lesson.messages();
        var states = cache.of(sight.prompt(messages), sight::states);
        var question = new Question(known().standards().of(states), Words.of(messages));
        room.entries.put(lesson.id(), new Entry(lesson, question));
        changed.put(lesson.instance(), room);
    }

    private GeneralPrompts known() {
        var measured = general;
        if (measured == null) {
            throw new IllegalStateException("general prompts are measured before anything else");
        }
        return measured;
    }

    private void build() {
        while (!changed.isEmpty()) {
            var first = changed.entrySet().iterator().next();
            changed.remove(first.getKey());
            show(first.getKey(), first.getValue());
        }
    }

    private void show(String instance, Room room) {
        var before = List.copyOf(room.entries.values());
        do {
            room.sweep();
        } while (!room.show(view(room)));
        var shown = room.view();
        if (shown != null && room.fitDue(shown.index(), settings)) {
            fits.wish(instance, room);
        }
        var fresh = before.stream().map(Entry::lesson).filter(room::firstShown).toList();
        if (!fresh.isEmpty()) {
            source.recalled(fresh);
        }
    }

    private Room.@Nullable View view(Room room) {
        if (room.entries.isEmpty()) {
            return null;
        }
        var index = new LessonIndex(List.copyOf(room.entries.values()), known(), settings);
        return new Room.View(index, index.gate(), room.fit(index, fitting));
    }

    @Override
    public void close() {
        stopping = true;
        fits.close();
        tasks.add(new Task.Stop());
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package dev.apprentice.learner;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.Closing;
import dev.apprentice.engine.ConflictException;
import dev.apprentice.engine.Engine;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.engine.Seams;
import dev.apprentice.engine.UnavailableException;
import dev.apprentice.learner.base.EngineBase;
import dev.apprentice.learner.base.Probes;
import dev.apprentice.learner.checkpoint.Checkpoints;
import dev.apprentice.learner.checkpoint.Manifest;
import dev.apprentice.learner.checkpoint.Neighbours;
import dev.apprentice.learner.event.Events;
import dev.apprentice.learner.exam.Examiners;
import dev.apprentice.learner.instance.BaseIdentity;
import dev.apprentice.learner.instance.Instances;
import dev.apprentice.learner.interaction.Interactions;
import dev.apprentice.learner.interaction.Keepsakes;
import dev.apprentice.learner.lesson.Ledger;
import dev.apprentice.learner.promotion.PastAnswers;
import dev.apprentice.learner.promotion.Swap;
import dev.apprentice.learner.promotion.Trials;
import dev.apprentice.learner.recall.Recall;
import dev.apprentice.learner.store.Store;
import dev.apprentice.learner.study.Studies;
import dev.apprentice.learner.study.StudyPart;
import dev.apprentice.learner.study.StudyStatus;
import dev.apprentice.learner.value.ValueExaminer;
import dev.apprentice.learner.value.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The door of the learner: instances that answer and learn, over one base and one data folder. Thread-safe. */
public final class Learner implements AutoCloseable {
    private final Store store;
    private final Agent.Rooms rooms;
    private final Ledger ledger;
    private final Events events;
    private final Studies studies;
    private final StudyDiary diary;
    private final Keepsakes keepsakes;
    private final Reports reports;
    private final Closing house;
    private volatile boolean closing;

    private Learner(
            Store store,
            Agent.Rooms rooms,
            Ledger ledger,
            Events events,
            Studies studies,
            StudyDiary diary,
            Reports reports,
            Closing house) {
        this.store = store;
        this.rooms = rooms;
        this.ledger = ledger;
        this.events = events;
        this.studies = studies;
        this.diary = diary;
        this.reports = reports;
        this.keepsakes =
                new Keepsakes(store, rooms.interactions(), rooms.seams().clock());
        this.house = house;
    }

    /**
     * Opens the data folder and everything that was learnt in it.
     *
     * @throws dev.apprentice.engine.ConflictException code {@code other_base} naming the instances that were taught on
     *     another base, or {@code data_in_use}
     * @throws dev.apprentice.engine.InvalidRequestException code {@code bad_data}
     */
    public static Learner open(LearnerSettings settings, Engine engine, Seams seams) {
        var house = new Closing();
        try {
            var clock = seams.clock();
            var base = new EngineBase(engine);
            var model = engine.base();
            var news = new News();
            var store = house.add(Store.open(settings.data()));
            var events = new Events(store, clock);
            var instances = new Instances(store, clock, new BaseIdentity(model.name(), model.digest()), news);
            instances.settle();
            var interactions = new Interactions(store, clock);
            var ledger = new Ledger(store, instances, interactions, events, new Windows(base), news, seams);
            var trials = new Trials(store, events, settings.trial(), clock);
            var swap = new Swap(instances, events, clock);
            var neighbours = new Neighbours(instances, ledger, swap, trials, events, news);
            var here = new Manifest(model.digest(), model.tokenizerDigest(), model.templateDigest(), Trainer.digest());
            var checkpoints = new Checkpoints(store, neighbours, here, model.config(), model.name(), seams);
            checkpoints.inspect();
            var stamp = model.digest() + " " + engine.dtype();
            var values = house.add(Values.open(store, events, instances, clock, stamp, settings.value()));
            news.judgedBy(values);
            var learnt = new LearnerStore(instances, ledger, checkpoints, values, model.config());
            var probes = Probes.load();
            var cache = settings.data().resolve("recall");
            var recall = house.add(Recall.open(base, probes, learnt, settings.recall(), cache));
            var diary = new StudyDiary(store, events);
            var examiners =
                    new Examiners(new ValueExaminer(values, base.layers(), settings.exam()), new PastAnswers(store));
            var studies = house.add(Studies.open(
                    base,
                    probes,
                    learnt,
                    recall,
                    settings.study(),
                    settings.rivals(),
                    settings.start(),
                    settings.exam(),
                    examiners,
                    seams,
                    diary));
            news.begin(new News.Readers(learnt, checkpoints, recall, studies));
            instances.ids().forEach(news::live);
            var recorder = new Recorder(store, interactions, ledger, values, clock);
            var shadows = house.add(Shadows.start(engine, checkpoints.onTrial()));
            house.add(Probation.start(checkpoints.onTrial(), events, instances));
            var rooms = new Agent.Rooms(
                    engine,
                    instances,
                    checkpoints,
                    recall,
                    interactions,
                    new NextTurns(ledger),
                    values,
                    recorder,
                    shadows,
                    seams);
            var reports = new Reports(instances, ledger, checkpoints, learnt, values);
            return new Learner(store, rooms, ledger, events, studies, diary, reports, house);
        } catch (RuntimeException | Error e) {
            house.closeAfter(e);
            throw e;
        }
    }

    /** The deployed apprentices. */
    public Instances instances() {
        return rooms.instances();
    }

    /** What they were taught. */
    public Ledger lessons() {
        return ledger;
    }

    /** Their versions. */
    public Checkpoints checkpoints() {
        return rooms.checkpoints();
    }

    /** Answers that were kept in the form in which they were given out. */
    public Keepsakes keepsakes() {
        return keepsakes;
    }

    /** How good their answers probably are. */
    public Values values() {
        return rooms.values();
    }

    /** What happened to them. */
    public Events events() {
        return events;
    }

    /**
     * Who answers to a model's name: an instance's id, that with {@code @} and a checkpoint's number, {@code base}, or
     * the loaded model's own name.
     *
     * @throws NotFoundException code {@code model_not_found}
     */
    public Agent agent(String model) {
        if (closing) {
            throw new UnavailableException("draining", "the server is closing", Fault.NONE);
        }
        var target = Target.of(model, rooms.engine().base().name());
        try {
            switch (target) {
                case Target.Base _ -> {}
                case Target.Live(var id) -> instances().get(id);
                case Target.At(var id, var number) ->
                    checkpoints().pinned(instances().get(id), number);
            }
        } catch (NotFoundException e) {
            throw Target.missing(model);
        }
        return new Agent(model, target, rooms);
    }

    /** The names that {@link #agent} answers to, pinned ones aside. */
    public List<String> models() {
        var names = new ArrayList<>(instances().ids());
        names.add(Target.BASE);
        names.add(rooms.engine().base().name());
        return List.copyOf(names);
    }

    /**
     * Studies what an instance was taught, as soon as may be.
     *
     * @throws NotFoundException code {@code instance_not_found}
     * @throws ConflictException code {@code instance_frozen}
     */
    public void study(String instance) {
        checkThawed(instance);
        studies.wake(instance);
    }

    private void checkThawed(String instance) {
        if (instances().get(instance).frozen()) {
            throw new ConflictException(
                    "instance_frozen",
                    "instance '" + instance + "' is frozen: it studies again when it is unfrozen",
                    Fault.of("instance", "one that is not frozen", instance));
        }
    }

    /**
     * Builds an instance's weights anew from the base on all its lessons, as soon as may be.
     *
     * @throws NotFoundException code {@code instance_not_found}
     * @throws ConflictException code {@code instance_frozen}
     */
    public void rebuild(String instance) {
        checkThawed(instance);
        studies.rebuild(instance);
    }

    /** What is being studied for an instance now. */
    public StudyStatus studying(String instance) {
        return studies.status(instances().get(instance).id());
    }

    /** Whether nothing is studied for an instance and nothing is due: what {@link #study} asked for is done. */
    public boolean settled(String instance) {
        return studies.settled(instances().get(instance).id());
    }

    /** From now on {@code reader} hears of every study and exam that is over, on the learner thread. */
    public void watchStudies(Consumer<StudyPart> reader) {
        diary.tell(reader);
    }

    /**
     * What became of an instance.
     *
     * @throws NotFoundException code {@code instance_not_found}
     */
    public Report report(String instance) {
        return reports.of(instance);
    }

    /** Whether every live checkpoint can be served and lessons can be kept. */
    public boolean ready() {
        return unreadyReason().isEmpty();
    }

    /** Why not, in words; empty if ready. */
    public String unreadyReason() {
        if (closing) {
            return "closing";
        }
        var reasons = new ArrayList<String>();
        if (!store.healthy()) {
            reasons.add("the store could not commit");
        }
        checkpoints().brokenLive().forEach((instance, reason) -> reasons.add(instance + ": " + reason));
        var fault = studies.fault();
        if (fault != null) {
            reasons.add(fault);
        }
        return String.join("; ", reasons);
    }

    /** Finishes what is being written and closes; the engine stays the caller's. */
    @Override
    public void close() {
        closing = true;
        house.close();
    }
}

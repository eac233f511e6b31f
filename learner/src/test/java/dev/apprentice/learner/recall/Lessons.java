package dev.apprentice.learner.recall;

import dev.apprentice.engine.text.ChatMessage;
import dev.apprentice.learner.instance.Instance;
import dev.apprentice.learner.instance.Policy;
import dev.apprentice.learner.lesson.Lesson;
import dev.apprentice.learner.lesson.Place;
import dev.apprentice.learner.lesson.Placed;
import dev.apprentice.learner.lesson.Same;
import dev.apprentice.learner.lesson.SampleLessons;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A ledger in memory. */
final class Lessons implements LessonSource {
    final List<Lesson> lessons = new CopyOnWriteArrayList<>();
    List<String> instances = List.of("support");
    final Set<String> gone = ConcurrentHashMap.newKeySet();

    /** Still listed, and taken back before anybody can look. */
    final Set<String> going = ConcurrentHashMap.newKeySet();

    final AtomicInteger looksAtGoing = new AtomicInteger();
    final List<String> told = new CopyOnWriteArrayList<>();

    /** A lesson of {@code instance} on a question, given now. */
    Lesson teach(String instance, String question, String answer) {
        var lesson = SampleLessons.example(
                "les_" + lessons.size(),
                instance,
                List.of(ChatMessage.of("user", question)),
                answer,
                Instant.EPOCH,
                Map.of());
        lessons.add(lesson);
        return lesson;
    }

    @Override
    public List<String> instances() {
        return instances;
    }

    @Override
    public Instance instance(String id) {
        return new Instance(id, "", null, Policy.DEFAULT, false, 0, Instant.EPOCH);
    }

    @Override
    public Optional<Lesson> exact(String instance, String same) {
        return placed(instance)
                .map(Placed::lesson)
                .filter(lesson -> Same.key(lesson.messages()).equals(same))
                .reduce((_, newer) -> newer);
    }

    @Override
    public void places(String instance, Consumer<Place> reader) {
        placed(instance)
                .forEach(it -> reader.accept(new Place(
                        it.sequence(),
                        it.lesson().id(),
                        Same.key(it.lesson().messages()),
                        it.lesson().state())));
    }

    @Override
    public List<Placed> placed(String instance, Collection<String> ids) {
        looksAtGoing.addAndGet((int) ids.stream().filter(going::contains).count());
        return placed(instance)
                .filter(it -> ids.contains(it.lesson().id())
                        && !going.contains(it.lesson().id()))
                .toList();
    }

    private Stream<Placed> placed(String instance) {
        return IntStream.range(0, lessons.size())
                .mapToObj(i -> new Placed(i + 1, lessons.get(i)))
                .filter(it -> it.lesson().instance().equals(instance)
                        && !gone.contains(it.lesson().id()));
    }

    @Override
    public List<Lesson> opinions(String instance) {
        return List.of();
    }

    @Override
    public void recalled(Collection<String> ids) {
        told.addAll(ids);
    }
}

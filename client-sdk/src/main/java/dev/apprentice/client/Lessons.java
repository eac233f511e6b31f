package dev.apprentice.client;

import dev.apprentice.client.teaching.Imported;
import dev.apprentice.client.teaching.Lesson;
import dev.apprentice.client.teaching.LessonQuery;
import dev.apprentice.client.teaching.Withdrawal;
import dev.apprentice.client.teaching.Withdrawn;
import dev.apprentice.client.transport.Content;
import dev.apprentice.client.transport.Transport;
import dev.apprentice.client.value.Page;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What instances were taught. Needs the scope {@code teach}. Methods block, and throw subclasses of
 * {@link dev.apprentice.client.error.ApprenticeException}. Thread-safe.
 */
public final class Lessons {
    private final Transport transport;
    private final Caller caller;

    Lessons(Transport transport, Caller caller) {
        this.transport = transport;
        this.caller = caller;
    }

    /**
     * Part of the list.
     *
     * @param query which of them
     * @return the part, with what to ask for to get the next
     */
    public Page<Lesson> list(LessonQuery query) {
        return caller.call(Repeat.SAFE, call -> transport.lessons(query, call));
    }

    /**
     * The whole list, fetched part by part as it is read.
     *
     * @param query which of them
     * @return the list, oldest first where the server sorts it so; it fails where fetching a part does
     */
    public Stream<Lesson> all(LessonQuery query) {
        return Pages.all(after ->
                list(after == null ? query : query.toBuilder().after(after).build()));
    }

    /**
     * One lesson.
     *
     * @param id the lesson's id
     * @return the lesson as it stands
     */
    public Lesson get(String id) {
        return caller.call(Repeat.SAFE, call -> transport.lesson(id, call));
    }

    /**
     * From now on no promotion may lose it.
     *
     * @param id the lesson's id
     * @return the lesson, pinned
     */
    public Lesson pin(String id) {
        return caller.call(Repeat.SAFE, call -> transport.pin(id, true, call));
    }

    /**
     * Takes {@link #pin} back.
     *
     * @param id the lesson's id
     * @return the lesson, which is pinned no more
     */
    public Lesson unpin(String id) {
        return caller.call(Repeat.SAFE, call -> transport.pin(id, false, call));
    }

    /**
     * Takes it back: gone from recall at once.
     *
     * @param id the lesson's id
     * @return the lesson, withdrawn
     */
    public Lesson withdraw(String id) {
        return caller.call(Repeat.SAFE, call -> transport.withdraw(id, call));
    }

    /**
     * Decides that a lesson which is held holds: it speaks over others on the very same request.
     *
     * @param id the lesson's id
     * @return the lesson, held no more
     */
    public Lesson release(String id) {
        return caller.call(Repeat.SAFE, call -> transport.release(id, call));
    }

    /**
     * Takes all lessons back that are meant: gone from recall at once.
     *
     * @param which which of them
     * @return how many there were
     */
    public Withdrawn withdrawAll(Withdrawal which) {
        return caller.call(Repeat.UNDONE, call -> transport.withdrawAll(which, call));
    }

    /**
     * Teaches {@code instance} every line of a JSONL file, or none; an error names the line.
     *
     * @param instance the instance's id
     * @param lines JSON lines in the form of an export, or of OpenAI's fine-tuning files
     * @return how many lessons are new
     * @throws IOException if the content cannot be read
     */
    public Imported importLines(String instance, Content lines) throws IOException {
        var keyed = caller.with(ApprenticeClient.IDEMPOTENCY_KEY, caller.seams().id());
        return keyed.call(Repeat.UNDONE, call -> transport.importLessons(instance, lines, call));
    }

    /**
     * Writes the lessons of {@code instance} as JSONL into {@code file}, which appears when all of it is there.
     *
     * @param instance the instance's id
     * @param file where to write; what stood there is replaced
     * @throws IOException if the file cannot be written
     */
    public void export(String instance, Path file) throws IOException {
        WholeFile.write(file, out -> export(instance, out));
    }

    /**
     * Writes the lessons of {@code instance} as JSONL to {@code out}, which stays open.
     *
     * @param instance the instance's id
     * @param out where to write; it stays open
     * @throws IOException if {@code out} does
     */
    public void export(String instance, OutputStream out) throws IOException {
        caller.call(Repeat.UNDONE, call -> {
            transport.exportLessons(instance, out, call);
            return instance;
        });
    }
}

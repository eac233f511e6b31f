package dev.apprentice.client;

import dev.apprentice.client.teaching.Imported;
import dev.apprentice.client.teaching.Lesson;
import dev.apprentice.client.teaching.LessonQuery;
import dev.apprentice.client.transport.Content;
import dev.apprentice.client.transport.Transport;
import dev.apprentice.client.value.Page;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What instances were taught. Needs the scope {@code teach}. */
public final class Lessons {
    private final Transport transport;
    private final Caller caller;

    Lessons(Transport transport, Caller caller) {
        this.transport = transport;
        this.caller = caller;
    }

    /** Part of the list. */
    public Page<Lesson> list(LessonQuery query) {
        return caller.call(Repeat.SAFE, call -> transport.lessons(query, call));
    }

    /** The whole list, fetched part by part as it is read. */
    public Stream<Lesson> all(LessonQuery query) {
        return Pages.all(after ->
                list(after == null ? query : query.toBuilder().after(after).build()));
    }

    /** One lesson. */
    public Lesson get(String id) {
        return caller.call(Repeat.SAFE, call -> transport.lesson(id, call));
    }

    /** From now on no promotion may lose it. */
    public Lesson pin(String id) {
        return caller.call(Repeat.SAFE, call -> transport.pin(id, true, call));
    }

    /** Takes {@link #pin} back. */
    public Lesson unpin(String id) {
        return caller.call(Repeat.SAFE, call -> transport.pin(id, false, call));
    }

    /** Takes it back: gone from recall at once. */
    public Lesson withdraw(String id) {
        return caller.call(Repeat.SAFE, call -> transport.withdraw(id, call));
    }

    /**
     * Teaches {@code instance} every line of a JSONL file, or none; an error names the line.
     *
     * @throws IOException if the content cannot be read
     */
    public Imported importLines(String instance, Content lines) throws IOException {
        var keyed = caller.with(ApprenticeClient.IDEMPOTENCY_KEY, caller.seams().id());
        return keyed.call(Repeat.UNDONE, call -> transport.importLessons(instance, lines, call));
    }

    /**
     * Writes the lessons of {@code instance} as JSONL into {@code file}, which appears when all of it is there.
     *
     * @throws IOException if the file cannot be written
     */
    public void export(String instance, Path file) throws IOException {
        WholeFile.write(file, out -> export(instance, out));
    }

    /**
     * Writes the lessons of {@code instance} as JSONL to {@code out}, which stays open.
     *
     * @throws IOException if {@code out} does
     */
    public void export(String instance, OutputStream out) throws IOException {
        caller.call(Repeat.UNDONE, call -> {
            transport.exportLessons(instance, out, call);
            return instance;
        });
    }
}

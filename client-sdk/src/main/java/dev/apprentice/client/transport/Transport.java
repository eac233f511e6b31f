package dev.apprentice.client.transport;

import dev.apprentice.client.admin.Checkpoint;
import dev.apprentice.client.admin.Event;
import dev.apprentice.client.admin.EventQuery;
import dev.apprentice.client.admin.Instance;
import dev.apprentice.client.admin.InstanceDraft;
import dev.apprentice.client.admin.InstancePatch;
import dev.apprentice.client.admin.Report;
import dev.apprentice.client.asking.Answer;
import dev.apprentice.client.asking.AnswerChunk;
import dev.apprentice.client.asking.AskRequest;
import dev.apprentice.client.teaching.Feedback;
import dev.apprentice.client.teaching.Imported;
import dev.apprentice.client.teaching.Lesson;
import dev.apprentice.client.teaching.LessonQuery;
import dev.apprentice.client.teaching.Receipt;
import dev.apprentice.client.value.Page;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Every operation of the server, each tried once. All throw subclasses of
 * {@link dev.apprentice.client.error.ApprenticeException}, and nothing else for what the server or the network does.
 */
public interface Transport extends AutoCloseable {
    /** Asks, and waits for the whole answer. */
    Answer ask(AskRequest request, Call call);

    /** Asks, and reads the answer while it is made. */
    Source<AnswerChunk> stream(AskRequest request, Call call);

    /** Gives feedback. */
    Receipt give(Feedback feedback, Call call);

    /** Part of the list of lessons. */
    Page<Lesson> lessons(LessonQuery query, Call call);

    /** One lesson. */
    Lesson lesson(String id, Call call);

    /** Pins a lesson, or lets it go. */
    Lesson pin(String id, boolean pinned, Call call);

    /** Takes a lesson back. */
    Lesson withdraw(String id, Call call);

    /** Teaches every line of a JSONL file, or none. */
    Imported importLessons(String instance, Content lines, Call call) throws IOException;

    /** Writes the lessons of {@code instance} as JSONL. */
    void exportLessons(String instance, OutputStream out, Call call) throws IOException;

    /** Creates an instance. */
    Instance create(InstanceDraft draft, Call call);

    /** Part of the list of instances. */
    Page<Instance> instances(@Nullable String after, Call call);

    /** One instance. */
    Instance instance(String id, Call call);

    /** Changes an instance. */
    Instance update(String id, InstancePatch patch, Call call);

    /** Deletes an instance. */
    void delete(String id, Call call);

    /** Freezes an instance, or lets it learn again. */
    Instance freeze(String id, boolean frozen, Call call);

    /** Wakes the study of an instance. */
    void study(String id, Call call);

    /** How an instance grows. */
    Report report(String id, Call call);

    /** Part of the list of an instance's checkpoints. */
    Page<Checkpoint> checkpoints(String instance, @Nullable String after, Call call);

    /** One checkpoint. */
    Checkpoint checkpoint(String instance, int number, Call call);

    /** Makes a checkpoint live; {@code which} is its number or a candidate's name. */
    Checkpoint promote(String instance, String which, boolean force, Call call);

    /** Makes the live checkpoint's parent live. */
    Checkpoint rollback(String instance, Call call);

    /** Adds a PEFT folder, packed as zip, as a checkpoint. */
    Checkpoint upload(String instance, Content zip, Call call) throws IOException;

    /** Writes a checkpoint as a PEFT folder, packed as zip. */
    void download(String instance, int number, OutputStream out, Call call) throws IOException;

    /** What happens; it ends where the connection does. */
    Source<Event> events(EventQuery query, Call call);

    /** Ends all connections. */
    @Override
    void close();
}

package dev.apprentice.client.transport;

import dev.apprentice.client.admin.Checkpoint;
import dev.apprentice.client.admin.CheckpointState;
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
import dev.apprentice.client.teaching.Withdrawal;
import dev.apprentice.client.teaching.Withdrawn;
import dev.apprentice.client.value.Page;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Every operation of the server, each tried once. All throw subclasses of
 * {@link dev.apprentice.client.error.ApprenticeException}, and nothing else for what the server or the network does.
 */
public interface Transport extends AutoCloseable {
    /**
     * Asks, and waits for the whole answer.
     *
     * @param request the question
     * @param call the deadline and the headers of this try
     * @return the answer
     */
    Answer ask(AskRequest request, Call call);

    /**
     * Asks, and reads the answer while it is made.
     *
     * @param request the question
     * @param call the deadline and the headers of this try
     * @return the pieces
     */
    Source<AnswerChunk> stream(AskRequest request, Call call);

    /**
     * Gives feedback.
     *
     * @param feedback what to say
     * @param call the deadline and the headers of this try
     * @return the receipt
     */
    Receipt give(Feedback feedback, Call call);

    /**
     * Part of the list of lessons.
     *
     * @param query which of them
     * @param call the deadline and the headers of this try
     * @return the part
     */
    Page<Lesson> lessons(LessonQuery query, Call call);

    /**
     * One lesson.
     *
     * @param id the lesson's or the instance's id
     * @param call the deadline and the headers of this try
     * @return the lesson
     */
    Lesson lesson(String id, Call call);

    /**
     * Pins a lesson, or lets it go.
     *
     * @param id the lesson's or the instance's id
     * @param pinned true to pin, false to let go
     * @param call the deadline and the headers of this try
     * @return the lesson
     */
    Lesson pin(String id, boolean pinned, Call call);

    /**
     * Takes a lesson back.
     *
     * @param id the lesson's or the instance's id
     * @param call the deadline and the headers of this try
     * @return the lesson
     */
    Lesson withdraw(String id, Call call);

    /**
     * Decides that a lesson which is held holds.
     *
     * @param id the lesson's id
     * @param call the deadline and the headers of this try
     * @return the lesson
     */
    Lesson release(String id, Call call);

    /**
     * Takes all lessons back that are meant.
     *
     * @param which which of them
     * @param call the deadline and the headers of this try
     * @return how many there were
     */
    Withdrawn withdrawAll(Withdrawal which, Call call);

    /**
     * Teaches every line of a JSONL file, or none.
     *
     * @param instance the instance's id
     * @param lines JSON lines in the form of an export, or of OpenAI's fine-tuning files
     * @param call the deadline and the headers of this try
     * @return how many are new
     * @throws IOException if the content cannot be read
     */
    Imported importLessons(String instance, Content lines, Call call) throws IOException;

    /**
     * Writes the lessons of {@code instance} as JSONL.
     *
     * @param instance the instance's id
     * @param out where to write; it stays open
     * @param call the deadline and the headers of this try
     * @throws IOException if {@code out} cannot be written
     */
    void exportLessons(String instance, OutputStream out, Call call) throws IOException;

    /**
     * Creates an instance.
     *
     * @param draft what it should be
     * @param call the deadline and the headers of this try
     * @return the instance
     */
    Instance create(InstanceDraft draft, Call call);

    /**
     * Part of the list of instances.
     *
     * @param after where the part begins, or null for the first
     * @param call the deadline and the headers of this try
     * @return the part
     */
    Page<Instance> instances(@Nullable String after, Call call);

    /**
     * One instance.
     *
     * @param id the lesson's or the instance's id
     * @param call the deadline and the headers of this try
     * @return the instance
     */
    Instance instance(String id, Call call);

    /**
     * Changes an instance.
     *
     * @param id the lesson's or the instance's id
     * @param patch what to change
     * @param call the deadline and the headers of this try
     * @return the instance
     */
    Instance update(String id, InstancePatch patch, Call call);

    /**
     * Deletes an instance.
     *
     * @param id the lesson's or the instance's id
     * @param call the deadline and the headers of this try
     */
    void delete(String id, Call call);

    /**
     * Freezes an instance, or lets it learn again.
     *
     * @param id the lesson's or the instance's id
     * @param frozen true to freeze, false to let it learn again
     * @param call the deadline and the headers of this try
     * @return the instance
     */
    Instance freeze(String id, boolean frozen, Call call);

    /**
     * Wakes the study of an instance.
     *
     * @param id the lesson's or the instance's id
     * @param call the deadline and the headers of this try
     */
    void study(String id, Call call);

    /**
     * How an instance grows.
     *
     * @param id the lesson's or the instance's id
     * @param call the deadline and the headers of this try
     * @return the report
     */
    Report report(String id, Call call);

    /**
     * Part of the list of an instance's checkpoints.
     *
     * @param instance the instance's id
     * @param after where the part begins, or null for the first
     * @param call the deadline and the headers of this try
     * @return the part
     */
    Page<Checkpoint> checkpoints(String instance, @Nullable String after, Call call);

    /**
     * One checkpoint.
     *
     * @param instance the instance's id
     * @param number the checkpoint's number
     * @param call the deadline and the headers of this try
     * @return the checkpoint
     */
    Checkpoint checkpoint(String instance, int number, Call call);

    /**
     * Makes a checkpoint live; {@code which} is its number or a candidate's name.
     *
     * @param instance the instance's id
     * @param which its number or a candidate's name
     * @param force whether also one that failed its exam
     * @param as live, or canary or shadow to try it first
     * @param call the deadline and the headers of this try
     * @return the checkpoint
     */
    Checkpoint promote(String instance, String which, boolean force, CheckpointState as, Call call);

    /**
     * Takes a shadow or a canary out of its trial.
     *
     * @param instance the instance's id
     * @param number the checkpoint's number
     * @param call the deadline and the headers of this try
     * @return the checkpoint
     */
    Checkpoint withdraw(String instance, int number, Call call);

    /**
     * Makes the live checkpoint's parent live.
     *
     * @param instance the instance's id
     * @param call the deadline and the headers of this try
     * @return what is live now
     */
    Checkpoint rollback(String instance, Call call);

    /**
     * Adds a PEFT folder, packed as zip, as a checkpoint.
     *
     * @param instance the instance's id
     * @param zip a PEFT folder as zip: {@code adapter_config.json} and {@code adapter_model.safetensors}
     * @param call the deadline and the headers of this try
     * @return the checkpoint
     * @throws IOException if the content cannot be read
     */
    Checkpoint upload(String instance, Content zip, Call call) throws IOException;

    /**
     * Writes a checkpoint as a PEFT folder, packed as zip.
     *
     * @param instance the instance's id
     * @param number the checkpoint's number
     * @param out where to write; it stays open
     * @param call the deadline and the headers of this try
     * @throws IOException if {@code out} cannot be written
     */
    void download(String instance, int number, OutputStream out, Call call) throws IOException;

    /**
     * What happens; it ends where the connection does.
     *
     * @param query which of them
     * @param call the deadline and the headers of this try
     * @return the events
     */
    Source<Event> events(EventQuery query, Call call);

    /** Ends all connections. */
    @Override
    void close();
}

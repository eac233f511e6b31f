package dev.apprentice.server.teaching;

import dev.apprentice.engine.ApprenticeException;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.NotFoundException;
import dev.apprentice.engine.UnprocessableException;
import dev.apprentice.learner.lesson.Feedback;
import dev.apprentice.learner.lesson.Same;
import dev.apprentice.server.asking.ToolFields;
import dev.apprentice.server.http.Body;
import dev.apprentice.server.http.Fields;
import dev.apprentice.server.openai.Messages;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON lines of two forms: OpenAI's fine-tuning examples, of which every assistant's turn whose {@code weight} is
 * not 0 is a lesson, and what the export writes. Whatever is wrong is told with the number of its line.
 */
final class LessonFile {
    private final @Nullable String instance;
    private final String by;

    /**
     * A file that came in.
     *
     * @param instance which one learns all of it, null where each line says it
     * @param by whose word it is where a line names nobody
     */
    LessonFile(@Nullable String instance, String by) {
        this.instance = instance;
        this.by = by;
    }

    /**
     * The lessons of {@code file}, the last one on each request: a file that contradicts itself means its last word.
     *
     * @param check throws what keeps a lesson from being learnt
     */
    List<Feedback.Example> read(byte[] file, Consumer<Feedback.Example> check) {
        var lessons = new LinkedHashMap<String, Feedback.Example>();
        var start = 0;
        for (var number = 1; start < file.length; number++) {
            var end = start;
            while (end < file.length && file[end] != '\n') {
                end++;
            }
            var line = Arrays.copyOfRange(file, start, end);
            start = end + 1;
            if (isBlank(line)) {
                continue;
            }
            try {
                for (var lesson : lessons(Fields.of(Body.parse(line)))) {
                    check.accept(lesson);
                    lessons.putLast(
                            lesson.instance() + "\n" + lesson.by() + "\n" + Same.key(lesson.messages()), lesson);
                }
            } catch (InvalidRequestException e) {
                throw new InvalidRequestException(e.code(), at(number, e), fault(number, e), e);
            } catch (NotFoundException e) {
                throw new NotFoundException(e.code(), at(number, e), fault(number, e));
            } catch (UnprocessableException e) {
                throw new UnprocessableException(e.code(), at(number, e), fault(number, e));
            }
        }
        if (lessons.isEmpty()) {
            throw new InvalidRequestException(
                    "missing_value", "the file holds no lesson", Fault.of("body", "at least one line of JSON", "none"));
        }
        return List.copyOf(lessons.values());
    }

    private List<Feedback.Example> lessons(Fields line) {
        var messages = Messages.in(line);
        var learner = instance == null ? line.requiredString("instance") : instance;
        var teacher = line.string("by").orElse(by);
        if (line.has("answer") || line.has("message")) {
            return List.of(FeedbackReader.example(line, learner, teacher));
        }
        var tools = ToolFields.shown(line);
        var fields = line.objects("messages").orElseThrow();
        var lessons = new ArrayList<Feedback.Example>();
        for (var i = 0; i < messages.size(); i++) {
            if (messages.get(i).role().equals("assistant")
                    && fields.get(i).integer("weight", 0, 1).orElse(1) == 1) {
                var reply = Messages.reply(fields.get(i));
                lessons.add(new Feedback.Example(
                        learner, messages.subList(0, i), reply.content(), reply.toolCalls(), tools, teacher));
            }
        }
        if (lessons.isEmpty()) {
            throw line.missing("answer", "an answer, or an assistant's turn of weight 1 in messages");
        }
        return lessons;
    }

    private static boolean isBlank(byte[] line) {
        var text = new String(line, StandardCharsets.UTF_8);
        return (text.startsWith("\uFEFF") ? text.substring(1) : text).isBlank();
    }

    private static String at(int number, ApprenticeException e) {
        return "line " + number + ": " + e.getMessage();
    }

    private static Fault fault(int number, ApprenticeException e) {
        var field = e.field();
        return Fault.at("line " + number + (field == null ? "" : ": " + field));
    }
}

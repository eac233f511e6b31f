package dev.apprentice.engine.sampling;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

/** How large forms are. */
final class FormSize {
    private static final int PARTS_MAX = 200_000;
    private static final long PART_BYTES = 80;

    private FormSize() {}

    /**
     * Bytes that {@code form} and all it is made of hold, about.
     *
     * @throws InvalidRequestException if it has more than {@link #PARTS_MAX} parts
     */
    static long bytes(Form form) {
        var seen = new HashSet<Form>();
        var todo = new ArrayDeque<Form>();
        todo.push(form);
        while (!todo.isEmpty()) {
            var next = todo.pop();
            if (seen.add(next)) {
                parts(next).forEach(todo::push);
            }
            if (seen.size() > PARTS_MAX) {
                throw new InvalidRequestException(
                        "unsupported_schema",
                        "this form cannot be enforced: it has more than " + PARTS_MAX + " parts",
                        Fault.at("response_format"));
            }
        }
        return seen.size() * PART_BYTES;
    }

    private static List<Form> parts(Form form) {
        return switch (form) {
            case Form.Then then -> List.of(then.first, then.second);
            case Form.Either either -> Arrays.asList(either.options);
            case Form.Times times -> List.of(times.part);
            case Form.Later later -> List.of(later.form());
            case Form.Frame frame -> List.of(frame.inside);
            case Form.OneByte _, Form.OneToken _, Form.Empty _, Form.End _, Form.Finish _, Form.Beyond _ -> List.of();
        };
    }
}

package dev.apprentice.server.asking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;
import dev.apprentice.engine.sampling.Constraint;
import dev.apprentice.engine.text.ToolFormat;
import dev.apprentice.server.http.Wire;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a request's tools mean for its answer: what the template shows, and what form the calls must have. */
final class ToolRules {
    private final ToolFormat format;
    private final List<Tool> tools;
    private final Constraint constraint;

    private ToolRules(ToolFormat format, List<Tool> tools, Constraint constraint) {
        this.format = format;
        this.tools = tools;
        this.constraint = constraint;
    }

    /**
     * The rules for {@code asking}; none where no tool may be called.
     *
     * @param known how the loaded model calls tools, or null if it does not
     * @throws InvalidRequestException if tools are wanted of a model that calls none, or the choice names none of them
     */
    static Optional<ToolRules> of(Asking asking, @Nullable ToolFormat known) {
        var tools = asking.tools();
        if (tools.isEmpty() || asking.toolChoice() instanceof ToolChoice.None) {
            return Optional.empty();
        }
        if (known == null) {
            throw new InvalidRequestException(
                    "tools_not_supported",
                    "the loaded model has no tool format: its chat template offers it no tools in a form known here",
                    Fault.of("tools", "absent, or a model whose chat template uses tools", tools.size() + " tools"));
        }
        return Optional.of(new ToolRules(known, tools, constraint(known, asking)));
    }

    private static Constraint constraint(ToolFormat format, Asking asking) {
        int max = asking.parallelToolCalls() ? format.callsMax() : 1;
        return switch (asking.toolChoice()) {
            case ToolChoice.Auto _ ->
                asking.tools().stream().anyMatch(Tool::strict)
                        ? heldOnceBegun(format, asking.tools(), max)
                        : new Constraint.None();
            case ToolChoice.None _ -> new Constraint.None();
            case ToolChoice.Required _ -> calls(format, asking.tools(), max, 0);
            case ToolChoice.Named(var name) -> calls(format, List.of(named(asking.tools(), name)), 1, 0);
        };
    }

    private static Tool named(List<Tool> tools, String name) {
        return tools.stream()
                .filter(tool -> tool.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new InvalidRequestException(
                        "invalid_value",
                        "tool_choice names '" + name + "', which is none of the tools",
                        Fault.of("tool_choice", "the name of one of the tools", name)));
    }

    /** Text as the model likes, and calls as they must be, wherever one begins that would be taken for one. */
    private static Constraint heldOnceBegun(ToolFormat format, List<Tool> tools, int max) {
        boolean again = format.marksEach() && max > 1;
        int marker = format.opening().isEmpty() && !format.marksEach()
                ? 0
                : format.marker().length();
        var bare = format.unmarked();
        return new Constraint.Triggered(
                format.marker(),
                calls(format, tools, format.marksEach() ? 1 : max, marker),
                again,
                bare,
                bare.isEmpty()
                        ? new Constraint.None()
                        : calls(format, tools, max, bare.replace(" ", "").length()));
    }

    /** One call and up to {@code max - 1} more, without the first {@code said} characters, which stand already. */
    private static Constraint calls(ToolFormat format, List<Tool> tools, int max, int said) {
        var parts = new ArrayList<Constraint>();
        parts.add(anyOf(
                tools, tool -> call(format, tool, (format.opening() + format.before(tool.name())).substring(said))));
        if (max > 1) {
            var more = anyOf(tools, tool -> call(format, tool, format.separator() + format.before(tool.name())));
            parts.add(new Constraint.Repeat(more, "", 0, max - 1));
        }
        if (!format.closing().isEmpty()) {
            parts.add(new Constraint.Written(format.closing()));
        }
        return new Constraint.Sequence(parts);
    }

    private static Constraint anyOf(List<Tool> tools, Function<Tool, Constraint> each) {
        var options = tools.stream().map(each).toList();
        return options.size() == 1 ? options.getFirst() : new Constraint.OneOf(options);
    }

    private static Constraint call(ToolFormat format, Tool tool, String before) {
        return new Constraint.Sequence(
                List.of(new Constraint.Written(before), arguments(tool), new Constraint.Written(format.after())));
    }

    private static Constraint arguments(Tool tool) {
        return tool.strict()
                ? new Constraint.JsonSchema(tool.parameters().toString(), "tools." + tool.name() + ".parameters")
                : new Constraint.JsonObject();
    }

    ToolFormat format() {
        return format;
    }

    /** What form the answer must have. */
    Constraint constraint() {
        return constraint;
    }

    /** Whether there is a tool of that name. */
    boolean offers(String name) {
        return tools.stream().anyMatch(tool -> tool.name().equals(name));
    }

    /** The tools as templates expect them: OpenAI's JSON. */
    List<Map<String, Object>> shown() {
        return tools.stream().map(ToolRules::shown).toList();
    }

    /** A tool as templates expect it: OpenAI's JSON. */
    static Map<String, Object> shown(Tool tool) {
        ObjectNode json = Wire.object().put("type", "function");
        var function = json.putObject("function").put("name", tool.name());
        if (!tool.description().isEmpty()) {
            function.put("description", tool.description());
        }
        function.set("parameters", tool.parameters());
        return new LinkedHashMap<>(Wire.map(json));
    }
}

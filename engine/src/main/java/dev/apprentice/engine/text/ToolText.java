package dev.apprentice.engine.text;

/** What {@link ToolCallParser} finds in an answer, in order. Calls do not overlap. */
public sealed interface ToolText {

    /** Text that belongs to no call. */
    record Text(String text) implements ToolText {}

    /** A call of {@code name} begins. */
    record Begun(String name) implements ToolText {}

    /** More of the call's arguments, as JSON text. */
    record Arguments(String json) implements ToolText {}

    /** The call is whole. */
    record Ended() implements ToolText {}
}

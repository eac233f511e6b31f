package dev.apprentice.server.asking;

/** How an answer ended. */
public enum Ending {
    /** It was whole, or came to a stop string. */
    STOP,
    /** By the token limit or the end of the context window. */
    LENGTH,
    /** It waits for what the called tools give back. */
    TOOL_CALLS
}

package dev.apprentice.server.http;

import java.time.Duration;

/**
 * How slow a client may be before its connection is closed.
 *
 * @param idle how long a connection may send nothing between requests, or within a body
 * @param head how long the head of a request may take from its first byte; a body's grace
 * @param bodyBytesPerSecondMin how fast a body must come after that grace
 * @param write how long a client may leave an answer unread
 */
public record Patience(Duration idle, Duration head, int bodyBytesPerSecondMin, Duration write) {}

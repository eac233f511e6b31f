/**
 * Turns a chat template's source and a map of plain values into text, as jinja2 does when transformers sets it up.
 * {@code dev.apprentice.engine.text} hands in both and takes the text on. Read {@link JinjaTemplate} first, then
 * {@code StatementParser} and {@code Renderer}. A parsed template is immutable and belongs to no thread; a rendering
 * owns its {@code Budget} and scopes. Promise kept here: a template costs bounded time and memory, reaches no Java
 * object, and fails only with {@code template_refused}.
 */
@NullMarked
package dev.apprentice.engine.text.jinja;

import org.jspecify.annotations.NullMarked;

/**
 * Turns model files that others wrote (Hugging Face folders, GGUF files, PEFT adapters) into a configuration, float
 * tensors and a tokenizer, under Hugging Face names and in Hugging Face row order. The engine's opening code hands in a
 * path; the decoder, the text room and the adapter residency take on what is read. Read {@link BaseModel} first. All
 * state is immutable after opening, and safe to use from any thread until closed. Promise kept here: a file that is
 * damaged, contradictory or of an unsupported kind is refused by name before its weights are read, and never read as
 * something else.
 */
@NullMarked
package dev.apprentice.engine.model;

import org.jspecify.annotations.NullMarked;

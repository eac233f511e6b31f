/**
 * What a model is and how it runs and trains: model files and prompts in, tokens, log-probabilities and adapters out.
 * {@code dev.apprentice.learner} hands in prompts and training batches; nothing here knows what a lesson is. Read
 * {@code Engine} first. One engine thread owns every running sequence; everything public is safe to call from any
 * thread. Promise kept here: an answer never silently comes from other weights than those asked for.
 */
@NullMarked
package dev.apprentice.engine;

import org.jspecify.annotations.NullMarked;

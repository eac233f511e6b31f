/**
 * What the learner asks of the loaded base model: prompts, answers as tokens, hidden states, generations and training;
 * and the general prompts that measure it. {@link dev.apprentice.engine.Engine} hands it in; recall, study and exam
 * take it on. Read {@link dev.apprentice.learner.base.Base} first. Everything here is immutable or safe for use by
 * several threads. Promise kept here: the learner touches no tensor.
 */
@NullMarked
package dev.apprentice.learner.base;

import org.jspecify.annotations.NullMarked;

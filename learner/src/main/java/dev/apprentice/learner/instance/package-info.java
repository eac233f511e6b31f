/**
 * Turns an administrator's wishes into instances: deployed apprentices, one for each domain, with their policies.
 * {@code dev.apprentice.server.admin} hands them in; {@link dev.apprentice.learner.Agent} and the study read them. Read
 * {@link dev.apprentice.learner.instance.Instances} first. Rows belong to the store's writer thread, every record is
 * immutable. Promise kept here: a deployed name is one apprentice, never a silent stand-in for another or for the base.
 */
@NullMarked
package dev.apprentice.learner.instance;

import org.jspecify.annotations.NullMarked;

/**
 * Says what an administrator sees and changes: instances, their checkpoints, reports and events. The application makes
 * drafts and patches, the transports carry them, and what stands on the server comes back. Read
 * {@link dev.apprentice.client.admin.Instance} first. Everything here is immutable and may be shared between threads.
 * Promise kept here: a patch changes what it names and nothing else.
 */
@NullMarked
package dev.apprentice.client.admin;

import org.jspecify.annotations.NullMarked;

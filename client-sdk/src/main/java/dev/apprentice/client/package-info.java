/** The Java client of Apprentice and its wire contract; it depends on no other module. */
@NullMarked
package dev.apprentice.client;

import org.jspecify.annotations.NullMarked;

/** Commands: lines such as {@code /image=flux=a castle} that chats pass on, and how many of them a user may send. */
@NullMarked
package io.atelier.gateway.api.commands;

import org.jspecify.annotations.NullMarked;

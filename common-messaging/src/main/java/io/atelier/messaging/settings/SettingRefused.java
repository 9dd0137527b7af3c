package io.atelier.messaging.settings;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A setting has a value that it cannot have. The message names it as its operator wrote it, says what is allowed, and is complete. */
public final class SettingRefused extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    public SettingRefused(String message) {
        super(message);
    }

    /** @param cause for those who debug; nothing of it is shown to operators */
    public SettingRefused(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** {@inheritDoc} Never null. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /** The refusal among the causes of a failure. */
    public static Optional<SettingRefused> in(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SettingRefused refused) {
                return Optional.of(refused);
            }
        }
        return Optional.empty();
    }
}

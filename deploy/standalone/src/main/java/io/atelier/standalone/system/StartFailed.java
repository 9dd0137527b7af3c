package io.atelier.standalone.system;

import io.atelier.messaging.settings.SettingRefused;
import io.atelier.standalone.console.CommandFailed;
import java.util.Optional;

/** A part of the system did not start; the message names the part and the reason in one line. */
public final class StartFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StartFailed(SystemPart part, Throwable cause) {
        super("The %s did not start: %s".formatted(part.label(), reason(cause)), cause);
    }

    /** The message about the setting that cannot have its value, if that is the reason; it needs nothing around it. */
    public Optional<String> refusedSetting() {
        return SettingRefused.in(this).map(SettingRefused::getMessage);
    }

    /** The root cause: the exceptions around it only name beans. */
    private static String reason(Throwable failure) {
        var root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return CommandFailed.reason(root);
    }
}

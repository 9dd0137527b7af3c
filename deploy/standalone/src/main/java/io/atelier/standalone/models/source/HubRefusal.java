package io.atelier.standalone.models.source;

import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import io.atelier.standalone.models.transfer.WebResponse;

/** What an error response of the hub means, and what to do. The hub names the reason in two headers. */
final class HubRefusal {

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int FIRST_SERVER_ERROR = 500;
    private static final int MAX_MESSAGE = 300;

    private final HubAddress model;
    private final boolean hasToken;

    /** @param hasToken whether requests carry a token */
    HubRefusal(HubAddress model, boolean hasToken) {
        this.model = model;
        this.hasToken = hasToken;
    }

    CommandFailed of(WebResponse response) {
        var message = response.header("X-Error-Message").orElse("");
        var code = response.header("X-Error-Code").orElse("");
        return new CommandFailed(
                response.status() >= FIRST_SERVER_ERROR ? ExitCode.NOT_RUNNING : ExitCode.REFUSED,
                describe(response.status(), code, message));
    }

    private String describe(int status, String code, String message) {
        if (code.equals("GatedRepo")) {
            return gated(status);
        }
        if (code.equals("RevisionNotFound")) {
            return "The model %s has no revision '%s'. Its branches and tags are on %s."
                    .formatted(model.repository(), model.revision(), model.page());
        }
        if (code.equals("EntryNotFound")) {
            return "A file of %s is missing: %s. Try again; the model may have changed meanwhile."
                    .formatted(model, shortened(message));
        }
        if (message.equals("Access to this resource is disabled.")) {
            return "The hub has disabled %s. Choose another model.".formatted(model);
        }
        if (message.equals("Invalid credentials in Authorization header")) {
            return "The hub does not accept the token in HF_TOKEN. Create another one at %s/settings/tokens, or unset HF_TOKEN."
                    .formatted(model.endpoint());
        }
        // The hub also answers 401 for what does not exist, so that private names stay unknown.
        if (code.equals("RepoNotFound") || status == UNAUTHORIZED || status == NOT_FOUND) {
            return "There is no model %s at %s, or it is private. Check the name%s."
                    .formatted(
                            model.repository(),
                            model.endpoint(),
                            hasToken
                                    ? ", and that the account of HF_TOKEN may read it"
                                    : "; for a private one, set HF_TOKEN to a token of an account that may read it");
        }
        if (status == FORBIDDEN) {
            return "The hub refuses %s: %s. The token in HF_TOKEN needs the right to read it."
                    .formatted(model, shortened(message));
        }
        return "The hub answers HTTP %d for %s%s. Try again later."
                .formatted(status, model, message.isEmpty() ? "" : ": " + shortened(message));
    }

    private String gated(int status) {
        return hasToken && status == FORBIDDEN
                ? "The authors of %s have not given access to the account of HF_TOKEN. Ask for it on %s, then try again."
                        .formatted(model, model.page())
                : "The authors of %1$s give it only to those who accept their conditions: do so on %2$s, create a token at %3$s/settings/tokens, and set HF_TOKEN to it."
                        .formatted(model, model.page(), model.endpoint());
    }

    private static String shortened(String message) {
        var text = message.replaceFirst("\\.$", "");
        return text.isEmpty() ? "it gives no reason" : text.substring(0, Math.min(MAX_MESSAGE, text.length()));
    }
}

package io.atelier.gateway.api.generations;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobStatus;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.HtmlUtils;

/** A text that goes with the images of a job, for chats: which model made them, and from which prompt. */
final class Caption {

    /** The longest caption, in UTF-16 code units after escaping; chats do not take longer ones. */
    static final int MAX_LENGTH = 1024;

    private static final String ENCODING = "UTF-8";
    private static final String CUT = "\u2026";

    private Caption() {}

    /** The caption, in which characters that HTML interprets are escaped; null for a job that has not succeeded, has no model, is an avatar or was erased. */
    static @Nullable String of(Job job) {
        var request = job.request();
        if (job.status() != JobStatus.SUCCEEDED
                || request.splitsOnly()
                || request.avatar() != null
                || job.erasure() != null) {
            return null;
        }
        var text = new StringBuilder("Model: ").append(HtmlUtils.htmlEscape(request.model(), ENCODING));
        var prompt = request.prompt();
        var enhancement = job.enhancement();
        if (enhancement != null && enhancement.prompt() != null) {
            prompt = enhancement.prompt();
            text.append("\nPrompt rewritten by: ").append(HtmlUtils.htmlEscape(enhancement.by(), ENCODING));
        }
        text.append("\nPrompt: ");
        appendWhatFits(prompt, text);
        return text.toString();
    }

    /** Never cuts within a character or its escape. */
    private static void appendWhatFits(String prompt, StringBuilder text) {
        for (int i = 0; i < prompt.length(); i = prompt.offsetByCodePoints(i, 1)) {
            var character = HtmlUtils.htmlEscape(Character.toString(prompt.codePointAt(i)), ENCODING);
            boolean isLast = prompt.offsetByCodePoints(i, 1) == prompt.length();
            int room = MAX_LENGTH - text.length() - (isLast ? 0 : CUT.length());
            if (character.length() > room) {
                text.append(CUT);
                return;
            }
            text.append(character);
        }
    }
}

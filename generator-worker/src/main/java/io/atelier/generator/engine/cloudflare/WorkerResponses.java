package io.atelier.generator.engine.cloudflare;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderResponse;
import io.atelier.generator.provider.RedactedText;
import java.awt.image.BufferedImage;
import java.util.Map;
import java.util.Optional;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the answers of workers have in common. Old clients look for parts of these messages. */
final class WorkerResponses {

    static final String RATE_LIMITED = "Rate limit exceeded. Please try again later.";
    static final String SERVICE_ERROR = "Image generation service error. Please try again later.";
    static final String NO_IMAGE = "Invalid response from image generation service";

    private static final JsonMapper JSON = new JsonMapper();
    private static final MediaType JSON_TYPE = MediaType.get("application/json");
    private static final int LONGEST_WORDS = 200;

    private WorkerResponses() {}

    static RequestBody json(Map<String, Object> body) {
        return RequestBody.create(JSON.writeValueAsBytes(body), JSON_TYPE);
    }

    /**
     * The picture in an answer of that status.
     *
     * @throws GenerationFailed if there is none: what the status means for every worker
     */
    static BufferedImage image(ProviderResponse answer, ProviderClient remote) {
        int status = answer.status();
        if (answer.successful()) {
            return received(answer, remote);
        }
        if (status == 429) {
            throw answer.failure(Code.RATE_LIMITED, RATE_LIMITED);
        }
        if (status >= 500) {
            throw answer.failure(Code.PROVIDER_ERROR, SERVICE_ERROR);
        }
        throw answer.failure(code(status), "Image generation failed with status " + status);
    }

    private static BufferedImage received(ProviderResponse answer, ProviderClient remote) {
        if (!answer.mediaType().startsWith("image/")) {
            throw answer.failure(
                    Code.INVALID_RESPONSE,
                    told(answer, "error")
                            .map("Image generation failed: %s"::formatted)
                            .orElse(NO_IMAGE));
        }
        return remote.image(answer.body(), noImage(answer));
    }

    /** What to tell of an answer that should have been a picture. */
    static Failure noImage(ProviderResponse answer) {
        return answer.failure(Code.INVALID_RESPONSE, NO_IMAGE).failure();
    }

    /** Of a status that no other rule knows. */
    private static Code code(int status) {
        if (status == 405) {
            return Code.METHOD_NOT_ALLOWED;
        }
        // Redirections that lead nowhere are not the request's fault.
        return status >= 400 ? Code.REQUEST_REJECTED : Code.PROVIDER_ERROR;
    }

    /** What the answer, if it is JSON, says under that name, in one line. */
    static Optional<String> told(ProviderResponse answer, String name) {
        return answer.json().map(body -> body.path(name)).flatMap(WorkerResponses::words);
    }

    static Optional<String> words(JsonNode node) {
        var text = node.isString() ? node.stringValue() : node.path("message").asString("");
        return Optional.of(RedactedText.line(text, LONGEST_WORDS)).filter(line -> !line.isEmpty());
    }
}

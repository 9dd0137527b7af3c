package io.atelier.generator.prompt;

import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderResponse;
import java.util.List;
import java.util.Map;

/** Rewrites prompts with a language model, by OpenAI's chat completions API, which most model servers offer. */
final class ChatEnhancer implements PromptEnhancer {

    private static final int MAX_TOKENS = 2000;

    private static final String SYSTEM_PROMPT = """
            You write prompts for models that draw pictures, and you are an expert at it.
            You are given what a person wants to see. Rewrite it as one prompt of 50 to 150 words in English:
            - Keep the subject, and everything that the person said of it. Add nothing that changes it.
            - Say how the light falls, in what style it is made, how the picture is composed, what mood it has, which colours
              prevail, and from where the camera looks.
            - Describe what can be seen. No explanations, no alternatives, no commands, no negations.
            Answer with the prompt alone: in one paragraph, without a heading, quotation marks or formatting.

            Example. Given: a lighthouse
            A weathered white lighthouse on a granite cliff at dusk, its beam sweeping through thin sea mist, waves breaking into
            silver spray below. Warm amber light from the lantern against a sky of slate blue and fading rose, long exposure
            softness in the water, crisp detail in the flaking paint and iron railing. Wide-angle landscape photograph from a low
            viewpoint on the rocks, the tower in the right third, lonely and calm in mood.

            Example. Given: cat drinking tea
            A plump ginger cat sitting upright at a small round table, holding a porcelain teacup in both paws, steam curling past
            its half-closed eyes. Morning sun through lace curtains, soft shadows on a checked tablecloth, a slice of lemon cake
            beside the saucer. Cosy watercolour illustration with loose edges and visible paper grain, palette of honey, cream and
            sage green, framed at the height of the table, gentle and content in mood.""";

    private final String model;
    private final PromptServer server;

    /** @throws IllegalArgumentException if the address in the settings is not a URL */
    ChatEnhancer(EnhancerProperties properties, ProviderClient client) {
        var setting = EnhancerProperties.PREFIX + ".url (ATELIER_ENHANCER_URL)";
        var endpoint = new PromptServer.Endpoint(properties.url(), setting, properties.key());
        this.model = properties.model();
        this.server = new PromptServer("Language model", endpoint, properties.timeout(), client);
    }

    @Override
    public String name() {
        return model;
    }

    @Override
    public String enhance(String prompt, GenerationRun run) {
        if (model.isBlank()) {
            throw PromptServer.notConfigured(EnhancerProperties.PREFIX + ".model (ATELIER_ENHANCER_MODEL)");
        }
        var body = Map.of(
                "model",
                model,
                "max_tokens",
                MAX_TOKENS,
                "messages",
                List.of(Map.of("role", "system", "content", SYSTEM_PROMPT), Map.of("role", "user", "content", prompt)));
        return server.post("chat/completions", body, run, ChatEnhancer::read);
    }

    private static String read(ProviderResponse response) {
        if (!response.successful()) {
            throw response.failure(
                    Code.PROVIDER_ERROR, "The language model responded with status %d.".formatted(response.status()));
        }
        var content = response.json()
                .map(json -> json.at("/choices/0/message/content").asString(""))
                .orElse("");
        return RewrittenPromptParser.parse(content)
                .orElseThrow(() -> response.failure(
                        Code.INVALID_RESPONSE, "The response of the language model contains no prompt."));
    }
}

package io.atelier.gateway.faces.cloudflare;

import io.atelier.gateway.api.problem.ProblemAdvice;
import io.atelier.gateway.api.request.BoundedBodyReader;
import io.atelier.gateway.api.request.GenerationRequestReader;
import io.atelier.gateway.api.submission.SubmissionProperties;
import io.atelier.gateway.faces.cloudflare.CloudflareHandler.PromptSource;
import io.atelier.gateway.faces.submission.FaceImages;
import io.atelier.gateway.faces.submission.FaceProperties;
import io.atelier.gateway.faces.submission.FaceSubmissions;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.models.Model;
import io.atelier.gateway.view.queue.Backlog;
import io.atelier.messaging.settings.SettingRefused;
import java.time.Clock;
import java.util.HashMap;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** The paths for clients of Cloudflare workers. Without their settings they do not exist. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CloudflareFaceProperties.class)
public class CloudflareFaceConfiguration {

    private static final String FLUX = "/faces/cloudflare/flux";
    private static final String SDXL = "/faces/cloudflare/sdxl";

    /** Before the mapping of static files. */
    private static final int ORDER = 2;

    /** Makes the handlers of both paths. */
    @FunctionalInterface
    interface CloudflareHandlers {

        WebHandler handler(HttpMethod method, PromptSource prompts, Model model);
    }

    @Bean
    CloudflareErrors cloudflareErrors(ProblemAdvice advice, JsonMapper json) {
        return new CloudflareErrors(advice, json);
    }

    @Bean
    CloudflareHandlers cloudflareHandlers(
            GenerationRequestReader reader,
            FaceSubmissions submissions,
            FaceImages images,
            Backlog backlog,
            CloudflareErrors errors,
            FaceProperties faces,
            CloudflareFaceProperties properties,
            JsonMapper json,
            Clock clock) {
        return (method, prompts, model) -> new CloudflareHandler(
                method,
                prompts,
                model,
                reader,
                submissions,
                images,
                backlog,
                errors,
                json,
                clock,
                properties.maxQueued(),
                faces.waitTimeout());
    }

    @Bean
    SimpleUrlHandlerMapping cloudflareRoutes(
            CloudflareHandlers handlers,
            CloudflareErrors errors,
            CloudflareFaceProperties properties,
            SubmissionProperties limits,
            Catalogue catalogue) {
        var routes = new HashMap<String, WebHandler>();
        boolean hasKey = !properties.key().isEmpty();
        if (hasKey) {
            var bodies = new BoundedBodyReader(limits.maxBody(), limits.drain(), limits.bodyTimeout());
            routes.put(
                    SDXL,
                    handlers.handler(
                            HttpMethod.POST,
                            new SdxlPrompts(properties.key(), bodies),
                            model(catalogue, "sdxl-model", properties.sdxlModel())));
        }
        if (properties.getAllowed()) {
            routes.put(
                    FLUX,
                    handlers.handler(
                            HttpMethod.GET, new FluxPrompts(), model(catalogue, "flux-model", properties.fluxModel())));
        } else if (hasKey) {
            routes.put(FLUX, exchange -> Mono.defer(() -> errors.handle(exchange, CloudflareErrors.getIsOff())));
        }
        return new SimpleUrlHandlerMapping(routes, ORDER);
    }

    private static Model model(Catalogue catalogue, String setting, String name) {
        return catalogue
                .find(name)
                .orElseThrow(() -> new SettingRefused(
                        "io.atelier.faces.cloudflare.%s: %s".formatted(setting, catalogue.unknownMessage(name))));
    }
}

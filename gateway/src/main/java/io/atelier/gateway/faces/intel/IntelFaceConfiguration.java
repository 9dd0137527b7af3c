package io.atelier.gateway.faces.intel;

import io.atelier.gateway.api.generations.CancellationService;
import io.atelier.gateway.api.problem.ProblemAdvice;
import io.atelier.gateway.api.problem.RequestIdFilter;
import io.atelier.gateway.api.request.BoundedBodyReader;
import io.atelier.gateway.api.request.GenerationRequestReader;
import io.atelier.gateway.api.submission.JobSubmissionService;
import io.atelier.gateway.api.submission.SubmissionProperties;
import io.atelier.gateway.faces.listener.FaceListener;
import io.atelier.gateway.faces.listener.FacePort;
import io.atelier.gateway.faces.submission.FaceImages;
import io.atelier.gateway.view.jobs.Jobs;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.workers.WorkerRegistry;
import io.atelier.http.CorsOrigins;
import io.atelier.http.ListenerFactory;
import io.atelier.messaging.settings.SettingRefused;
import java.time.Clock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.json.JsonMapper;

/** The API of Intel's text2image service, on a port of its own. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(IntelProperties.class)
public class IntelFaceConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(IntelFaceConfiguration.class);

    /**
     * What the settings make of the face.
     *
     * @param model the name of the model of requests that name none
     */
    record IntelFace(FacePort port, String model) {}

    @Bean
    IntelFace intelFace(IntelProperties properties, Catalogue catalogue) {
        var port = FacePort.of(properties.port());
        // A closed face needs no model; the variable may be meant for another program then.
        var named = port.isOpen() ? properties.model() : Catalogue.AUTO;
        var model = IntelModel.find(catalogue, named);
        if (model.isPresent()) {
            return new IntelFace(port, named);
        }
        var rule = "it must be one of %s, or an enabled model of the catalogue: %s."
                .formatted(IntelModel.names(), String.join(", ", catalogue.ids()));
        if (!port.isOptional()) {
            throw new SettingRefused("The model of the face of text2image (MODEL or TEXT2IMAGE_MODEL) is '%s'; %s"
                    .formatted(named, rule));
        }
        LOG.warn("The face intel is closed: its model (MODEL or TEXT2IMAGE_MODEL) is '{}'; {}", named, rule);
        return new IntelFace(FacePort.CLOSED, Catalogue.AUTO);
    }

    @Bean
    IntelRunReader intelRunReader(
            IntelFace face, Catalogue catalogue, GenerationRequestReader reader, JsonMapper json, Clock clock) {
        return new IntelRunReader(catalogue, face.model(), reader, json, clock);
    }

    @Bean
    IntelSessions intelSessions(Jobs jobs, Scheduler listThreads) {
        return new IntelSessions(jobs, listThreads);
    }

    @Bean
    IntelHandler intelHandler(
            IntelRunReader runs,
            IntelSessions sessions,
            IntelProperties properties,
            FaceImages faceImages,
            CancellationService cancellations,
            WorkerRegistry workers,
            JobSubmissionService submissions,
            SubmissionProperties limits,
            JsonMapper json) {
        var images = new IntelImageWriter(faceImages, sessions, cancellations, properties.strict());
        var bodies = new BoundedBodyReader(limits.maxBody(), limits.drain(), limits.bodyTimeout());
        return new IntelHandler(runs, sessions, images, workers, submissions, bodies, json);
    }

    @Bean
    FaceListener intelListener(
            IntelFace face,
            IntelHandler handler,
            IntelProperties properties,
            ListenerFactory listeners,
            ProblemAdvice advice,
            RequestIdFilter requestIds,
            JsonMapper json) {
        var problems = new IntelProblems(advice, json);
        return new FaceListener(
                "intel",
                "io.atelier.faces.intel.port",
                face.port(),
                port -> listeners.listener(
                        port,
                        new CorsOrigins("io.atelier.faces.intel.cors-origins", properties.corsOrigins()),
                        handler,
                        List.of(requestIds),
                        problems));
    }
}

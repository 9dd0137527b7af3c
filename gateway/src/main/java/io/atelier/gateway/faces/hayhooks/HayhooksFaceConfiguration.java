package io.atelier.gateway.faces.hayhooks;

import io.atelier.gateway.api.derivatives.Derivatives;
import io.atelier.gateway.api.files.FileUploads;
import io.atelier.gateway.api.files.UploadReader;
import io.atelier.gateway.api.generations.JobLookup;
import io.atelier.gateway.api.images.ImageResponder;
import io.atelier.gateway.api.images.ObjectDownloads;
import io.atelier.gateway.api.operations.DiskSpace;
import io.atelier.gateway.api.problem.MalformedRestFilter;
import io.atelier.gateway.api.problem.ProblemAdvice;
import io.atelier.gateway.api.request.BoundedBodyReader;
import io.atelier.gateway.api.request.GenerationRequestReader;
import io.atelier.gateway.api.submission.SubmissionProperties;
import io.atelier.gateway.faces.listener.FaceListener;
import io.atelier.gateway.faces.listener.FacePort;
import io.atelier.gateway.faces.pipelines.PipelineHost;
import io.atelier.gateway.faces.pipelines.ResultResponder;
import io.atelier.gateway.faces.submission.FaceProperties;
import io.atelier.gateway.faces.submission.FaceSubmissions;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.http.CorsOrigins;
import io.atelier.http.ListenerFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunctions;
import tools.jackson.databind.json.JsonMapper;

/** The listener for clients of hayhooks, which is closed unless its port is set. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(HayhooksProperties.class)
public class HayhooksFaceConfiguration {

    /** Below the idle timeouts of proxies. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    @Bean
    PipelineRegistry pipelineRegistry(HayhooksProperties properties) {
        return new PipelineRegistry(ImagePipeline.imageGeneration(properties.model()));
    }

    @Bean
    PipelineFolder pipelineFolder(HayhooksProperties properties, RunRequestReader requests, PipelineRegistry registry) {
        var folder = new PipelineFolder(ImagePipeline.imageGeneration(properties.model()), requests, registry);
        var path = properties.pipelines();
        if (path != null
                && !path.toString().isEmpty()
                && FacePort.of(properties.port()).isOpen()) {
            folder.start(path, properties.rescanInterval());
        }
        return folder;
    }

    @Bean
    RunForms runForms(UploadReader uploads, FileUploads files, DiskSpace disk) {
        return new RunForms(uploads, files, disk);
    }

    @Bean
    RunRequestReader runRequestReader(
            HayhooksProperties properties,
            SubmissionProperties submission,
            RunForms forms,
            GenerationRequestReader reader,
            Catalogue catalogue,
            JsonMapper json,
            Clock clock) {
        return new RunRequestReader(
                new BoundedBodyReader(submission.maxBody(), submission.drain(), submission.bodyTimeout()),
                forms,
                reader,
                catalogue,
                properties.anyHuggingFaceModel(),
                json,
                clock);
    }

    @Bean
    RunResponder runResponder(
            FaceSubmissions submissions,
            JobLookup lookup,
            ImageResponder images,
            Derivatives derivatives,
            FaceProperties faces,
            JsonMapper json,
            Clock clock) {
        return new RunResponder(
                submissions, lookup, images, new RequestedImages(derivatives), faces.waitTimeout(), json, clock);
    }

    @Bean
    PipelineHost pipelineHost(
            HayhooksProperties properties,
            RunRequestReader requests,
            FaceSubmissions submissions,
            Derivatives derivatives,
            ObjectDownloads downloads) {
        var images = new JobImages(
                ImagePipeline.imageGeneration(properties.model()),
                requests,
                submissions,
                new RequestedImages(derivatives),
                downloads);
        return new PipelineHost(images, properties.maxRuns(), properties.runTimeout());
    }

    @Bean
    CodeResponder codeResponder(
            HayhooksProperties properties,
            SubmissionProperties submission,
            PipelineRegistry pipelines,
            PipelineHost host,
            JsonMapper json) {
        var bodies = new BoundedBodyReader(submission.maxBody(), submission.drain(), submission.bodyTimeout());
        return new CodeResponder(
                pipelines,
                new ArgumentReader(bodies, json),
                host,
                new ResultResponder(json, properties.idleTimeout(), HEARTBEAT));
    }

    @Bean
    FaceListener hayhooksListener(
            HayhooksProperties properties,
            ListenerFactory listeners,
            PipelineRegistry pipelines,
            RunRequestReader requests,
            RunResponder responder,
            CodeResponder code,
            ProblemAdvice problems,
            MalformedRestFilter malformed,
            JsonMapper json) {
        var routes = new HayhooksRoutes(pipelines, requests, responder, code, properties.getAllowed(), json);
        var requestIds = new RequestIds();
        var errors = new HayhooksErrors(problems, requestIds, properties.strictStatus(), json);
        var handler = RouterFunctions.toWebHandler(routes.routes());
        return new FaceListener(
                "hayhooks",
                "io.atelier.faces.hayhooks.port",
                FacePort.of(properties.port()),
                port -> listeners.listener(
                        port,
                        new CorsOrigins("io.atelier.faces.hayhooks.cors-origins", properties.corsOrigins()),
                        handler,
                        List.of(malformed, requestIds),
                        errors));
    }
}

package io.atelier.gateway.faces.openai;

import io.atelier.gateway.api.events.EventProperties;
import io.atelier.gateway.api.files.FileUploads;
import io.atelier.gateway.api.files.UploadReader;
import io.atelier.gateway.api.images.ObjectDownloads;
import io.atelier.gateway.api.operations.DiskSpace;
import io.atelier.gateway.api.problem.ProblemAdvice;
import io.atelier.gateway.api.request.BoundedBodyReader;
import io.atelier.gateway.api.request.GenerationRequestReader;
import io.atelier.gateway.api.submission.ResponseNegotiator;
import io.atelier.gateway.api.submission.SubmissionProperties;
import io.atelier.gateway.faces.submission.FaceProperties;
import io.atelier.gateway.faces.submission.FaceSubmissions;
import io.atelier.gateway.view.models.Catalogue;
import java.time.Clock;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** The images API of OpenAI, unless it is switched off. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "io.atelier.faces.openai.enabled", havingValue = "true", matchIfMissing = true)
@EnableConfigurationProperties(OpenAiFaceProperties.class)
public class OpenAiFaceConfiguration {

    @Bean
    OpenAiRequestReader openAiRequestReader(
            SubmissionProperties properties,
            UploadReader uploads,
            FileUploads files,
            Catalogue catalogue,
            GenerationRequestReader reader,
            DiskSpace disk,
            JsonMapper json,
            Clock clock) {
        return new OpenAiRequestReader(
                new BoundedBodyReader(properties.maxBody(), properties.drain(), properties.bodyTimeout()),
                uploads,
                new OpenAiEditBody(files, json),
                new OpenAiRequestTranslator(catalogue, json),
                reader,
                disk,
                json,
                clock);
    }

    @Bean
    OpenAiImagesController openAiImagesController(
            OpenAiRequestReader requests,
            FaceSubmissions submissions,
            ResponseNegotiator responses,
            ObjectDownloads downloads,
            ProblemAdvice problems,
            EventProperties events,
            FaceProperties faces,
            OpenAiFaceProperties properties,
            JsonMapper json) {
        var writer = new OpenAiImagesWriter(downloads, json);
        var streams = new OpenAiImageStream(submissions, writer, problems, events, properties);
        return new OpenAiImagesController(requests, submissions, responses, writer, streams, faces.waitTimeout());
    }
}

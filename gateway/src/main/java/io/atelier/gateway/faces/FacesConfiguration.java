package io.atelier.gateway.faces;

import io.atelier.gateway.api.generations.JobLookup;
import io.atelier.gateway.api.images.ObjectDownloads;
import io.atelier.gateway.api.submission.DisconnectWatcher;
import io.atelier.gateway.api.submission.JobSubmissionService;
import io.atelier.gateway.faces.cloudflare.CloudflareFaceConfiguration;
import io.atelier.gateway.faces.hayhooks.HayhooksFaceConfiguration;
import io.atelier.gateway.faces.intel.IntelFaceConfiguration;
import io.atelier.gateway.faces.openai.OpenAiFaceConfiguration;
import io.atelier.gateway.faces.submission.FaceImages;
import io.atelier.gateway.faces.submission.FaceProperties;
import io.atelier.gateway.faces.submission.FaceSubmissions;
import io.atelier.gateway.faces.submission.RetriedRequests;
import io.atelier.gateway.view.jobs.Jobs;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import reactor.core.scheduler.Scheduler;

/** The faces. Each can be switched off. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(FaceProperties.class)
@Import({
    CloudflareFaceConfiguration.class,
    HayhooksFaceConfiguration.class,
    IntelFaceConfiguration.class,
    OpenAiFaceConfiguration.class
})
public class FacesConfiguration {

    @Bean
    RetriedRequests retriedRequests(Jobs jobs, Scheduler listThreads, FaceProperties properties, Clock clock) {
        return new RetriedRequests(jobs, listThreads, properties.joinTtl(), clock);
    }

    @Bean
    FaceImages faceImages(ObjectDownloads downloads) {
        return new FaceImages(downloads);
    }

    @Bean
    FaceSubmissions faceSubmissions(
            JobSubmissionService submissions,
            RetriedRequests retried,
            JobLookup lookup,
            DisconnectWatcher disconnects) {
        return new FaceSubmissions(submissions, retried, lookup, disconnects);
    }
}

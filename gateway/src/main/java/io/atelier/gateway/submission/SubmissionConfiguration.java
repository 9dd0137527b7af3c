package io.atelier.gateway.submission;

import io.atelier.gateway.generations.Generations;
import io.atelier.gateway.jobs.Jobs;
import io.atelier.gateway.models.Catalogue;
import io.atelier.gateway.publishing.Publishing;
import io.atelier.gateway.request.RequestReader;
import java.security.SecureRandom;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the way in. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SubmissionProperties.class)
public final class SubmissionConfiguration {

    private final SecureRandom random = new SecureRandom();

    @Bean
    Submission submission(Publishing publishing, Jobs jobs, SubmissionProperties properties, Clock clock) {
        return new Submission(publishing, jobs, properties, clock, random);
    }

    @Bean
    SubmissionController submissionController(
            SubmissionProperties properties, Catalogue catalogue, Submission submission, Clock clock) {
        var reader = new RequestReader(catalogue, random, properties.retain());
        return new SubmissionController(new BoundedBody(properties), reader, submission, clock);
    }

    @Bean
    RetryController retryController(Generations generations, Submission submission, Clock clock) {
        return new RetryController(generations, submission, clock);
    }
}

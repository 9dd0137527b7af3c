package io.atelier.gateway.submission;

import io.atelier.gateway.admission.Admission;
import io.atelier.gateway.answer.Answers;
import io.atelier.gateway.generations.Generations;
import io.atelier.gateway.generations.Portrait;
import io.atelier.gateway.jobs.Jobs;
import io.atelier.gateway.models.Catalogue;
import io.atelier.gateway.publishing.Publishing;
import io.atelier.gateway.request.RequestReader;
import io.atelier.gateway.sources.Sources;
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
    Gate gate(Admission admission, Sources sources, Publishing publishing) {
        return new Gate(admission::check, request -> request.flatMap(sources::locate), publishing);
    }

    @Bean
    Submission submission(Gate gate, Jobs jobs, SubmissionProperties properties, Clock clock) {
        return new Submission(gate, jobs, properties, clock, random);
    }

    @Bean
    SubmissionController submissionController(
            SubmissionProperties properties, Catalogue catalogue, Submission submission, Answers answers, Clock clock) {
        var reader = new RequestReader(catalogue, random, properties.retain());
        return new SubmissionController(new BoundedBody(properties), reader, submission, answers, clock);
    }

    @Bean
    RetryController retryController(Generations generations, Submission submission, Portrait portrait) {
        return new RetryController(generations, submission, portrait);
    }
}

package io.atelier.gateway;

import io.atelier.gateway.address.AddressConfiguration;
import io.atelier.gateway.admission.AdmissionConfiguration;
import io.atelier.gateway.answer.AnswerConfiguration;
import io.atelier.gateway.asyncapi.AsyncApiConfiguration;
import io.atelier.gateway.cancellations.CancellationConfiguration;
import io.atelier.gateway.deadletters.DeadLetterConfiguration;
import io.atelier.gateway.description.DescriptionConfiguration;
import io.atelier.gateway.events.EventConfiguration;
import io.atelier.gateway.firehose.FirehoseConfiguration;
import io.atelier.gateway.generations.GenerationConfiguration;
import io.atelier.gateway.images.ImageConfiguration;
import io.atelier.gateway.listing.ListingConfiguration;
import io.atelier.gateway.models.ModelConfiguration;
import io.atelier.gateway.probes.ProbeConfiguration;
import io.atelier.gateway.problem.ProblemConfiguration;
import io.atelier.gateway.publishing.PublishingConfiguration;
import io.atelier.gateway.queue.QueueConfiguration;
import io.atelier.gateway.sources.SourceConfiguration;
import io.atelier.gateway.submission.SubmissionConfiguration;
import io.atelier.gateway.workers.WorkerConfiguration;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The HTTP door: everything that needs only the ports, so that it can be opened over fakes. */
@Configuration(proxyBeanMethods = false)
@Import({
    AddressConfiguration.class,
    AdmissionConfiguration.class,
    AsyncApiConfiguration.class,
    AnswerConfiguration.class,
    CancellationConfiguration.class,
    DeadLetterConfiguration.class,
    DescriptionConfiguration.class,
    EventConfiguration.class,
    FirehoseConfiguration.class,
    GenerationConfiguration.class,
    ImageConfiguration.class,
    ListingConfiguration.class,
    ModelConfiguration.class,
    ProbeConfiguration.class,
    ProblemConfiguration.class,
    PublishingConfiguration.class,
    QueueConfiguration.class,
    SourceConfiguration.class,
    SubmissionConfiguration.class,
    WorkerConfiguration.class
})
final class HttpConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }
}

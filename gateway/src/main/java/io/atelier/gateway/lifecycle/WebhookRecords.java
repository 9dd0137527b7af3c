package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.CanceledBy;
import io.atelier.contract.job.Job;
import io.atelier.gateway.lifecycle.JobState.Ended;
import io.atelier.gateway.lifecycle.JobState.Erased;
import io.atelier.gateway.lifecycle.JobState.Existing;
import io.atelier.messaging.WebhookDelivery;
import java.util.List;
import java.util.Optional;

/** What the lifecycle writes to the topic of deliveries for a state of a job. Pure. */
final class WebhookRecords {

    private static final String PREFIX = "io.atelier.";
    private static final String SUFFIX = ".v1";

    private WebhookRecords() {}

    /** The first record of the delivery about the state; empty if the request wants none, is erased, or ended because it is to be erased. */
    static Optional<WebhookDelivery> delivery(Existing state, Job job) {
        var webhook = state.record().request().webhook();
        if (webhook == null
                || webhook.url().isEmpty()
                || !(state instanceof Ended)
                || endsForErasure(state)
                || !webhook.events().contains(job.status())) {
            return Optional.empty();
        }
        var type = PublicEvent.of(state).type();
        var kind = type.substring(PREFIX.length(), type.length() - SUFFIX.length());
        return Optional.of(new WebhookDelivery(
                Announcement.eventId(state),
                job.id(),
                kind,
                webhook.url(),
                WebhookBody.json(job, kind, state.since()),
                null,
                state.since(),
                WebhookDelivery.Status.PENDING,
                List.of(),
                state.since()));
    }

    /** The id of the delivery that is to be deleted, because its job is erased now; empty if there is none. */
    static Optional<String> erased(Existing state) {
        var webhook = state.record().request().webhook();
        return webhook != null
                        && state instanceof Erased erased
                        && !endsForErasure(state)
                        && webhook.events().contains(Snapshot.status(state))
                ? Optional.of(Announcement.eventId(erased.end()))
                : Optional.empty();
    }

    private static boolean endsForErasure(Existing state) {
        var cancel = state.record().cancel();
        return cancel != null && cancel.by() == CanceledBy.ERASURE;
    }
}

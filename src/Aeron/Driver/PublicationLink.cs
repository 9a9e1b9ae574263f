namespace ExecutionPipeline.Aeron.Driver;

/// <summary>A client's use of a publication.</summary>
internal sealed class PublicationLink
{
    private readonly IpcPublication _publication;

    public PublicationLink(long registrationId, DriverClient client, IpcPublication publication)
    {
        RegistrationId = registrationId;
        Client = client;
        _publication = publication;
        publication.IncRef();
    }

    public long RegistrationId { get; }

    public DriverClient Client { get; }

    public void Revoke() => _publication.Revoke();

    public void Close() => _publication.DecRef();
}

using DbUp.Builder;
using DbUp.Engine.Output;

namespace ExecutionPipeline.Audit.Store;

/// <summary>
/// Runs the scripts that a store has not seen yet, each in a transaction, in the order of their names.
/// </summary>
internal static class Migrations
{
    /// <param name="store">Named in messages.</param>
    /// <param name="builder">For its kind of database.</param>
    /// <param name="keyType">Of a key.</param>
    /// <param name="bytesType">Of bytes.</param>
    /// <param name="zeros">An expression for 32 zeros.</param>
    public static void Run(
        AuditStore store, UpgradeEngineBuilder builder, string keyType, string bytesType, string zeros)
    {
        var result = builder
            .WithScriptsEmbeddedInAssembly(
                typeof(Migrations).Assembly, static name => name.EndsWith(".sql", StringComparison.Ordinal))
            .WithVariable("key", keyType)
            .WithVariable("bytes", bytesType)
            .WithVariable("zeros", zeros)
            .WithTransactionPerScript()
            .LogTo(new NoOpUpgradeLog())
            .Build()
            .PerformUpgrade();
        if (!result.Successful && store.IsPassing(result.Error))
            throw result.Error;
        if (!result.Successful)
        {
            throw new InvalidDataException(
                $"{store.Name}: its tables cannot be made: {result.Error.Message}", result.Error);
        }
    }
}

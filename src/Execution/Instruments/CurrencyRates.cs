namespace ExecutionPipeline.Execution.Instruments;

/// <summary>
/// What the instruments' currencies are worth in the account's. Fixed for a run, so that replay repeats it.
/// </summary>
public sealed class CurrencyRates
{
    private const int CodeLength = 3;

    private readonly string _account;
    private readonly IReadOnlyDictionary<string, decimal> _rates;

    /// <param name="account">ISO 4217 code of the account's currency.</param>
    /// <param name="rates">By code: units of the account's currency for one of it.</param>
    /// <exception cref="ArgumentException">A code or a rate cannot be used; the message names the key.</exception>
    public CurrencyRates(string account, IReadOnlyDictionary<string, decimal> rates)
    {
        if (!IsCode(account))
            throw new ArgumentException($"account: set currency to three capitals such as USD, not '{account}'.");

        foreach (var (code, rate) in rates)
        {
            if (!IsCode(code) || code == account)
                throw new ArgumentException($"account: rates has '{code}': set another currency's three capitals.");
            if (rate is < 0.000001m or > 1_000m)
                throw new ArgumentException($"account: set rates.{code} to 0.000001 to 1,000 {account}.");
        }

        _account = account;
        _rates = rates;
    }

    /// <summary>An account in US dollars that trades nothing else.</summary>
    public static CurrencyRates Dollar { get; } = new("USD", new Dictionary<string, decimal>());

    /// <summary>Units of the account's currency for one of another.</summary>
    /// <exception cref="ArgumentException">There is none; the message says what to set.</exception>
    public decimal Of(string currency)
    {
        if (currency == _account)
            return 1;

        return _rates.TryGetValue(currency, out var rate)
            ? rate
            : throw new ArgumentException(
                $"currency '{currency}' has no rate: set account.rates.{currency} to what one is worth in {_account}.");
    }

    private static bool IsCode(string code) => code.Length == CodeLength && code.All(char.IsAsciiLetterUpper);
}

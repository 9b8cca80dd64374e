/** What ZaloPay's API answers; the status is always 200. Sub codes are ZaloPay's. */
export function zalopaySuccess(more: object = {}): object {
  return {
    return_code: 1,
    return_message: 'Giao dịch thành công',
    sub_return_code: 1,
    sub_return_message: '',
    ...more,
  };
}

export function zalopayProcessing(more: object = {}): object {
  return {
    return_code: 3,
    return_message: 'Giao dịch đang xử lý',
    sub_return_code: 1,
    sub_return_message: '',
    ...more,
  };
}

export function zalopayFailure(subCode: number, why: string, more: object = {}): object {
  return {
    return_code: 2,
    return_message: 'Giao dịch thất bại',
    sub_return_code: subCode,
    sub_return_message: why,
    ...more,
  };
}

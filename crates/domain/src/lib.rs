//! Pure types and rules of a wealth-management book: ids, money, dates, phones, roles.
